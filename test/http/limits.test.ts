import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { HttpConfig } from 'limber/http'
import { expect, onTestFinished, test } from 'vitest'
import { serving, withRoutes } from './serve-routes.ts'

test('every wrong value of the configuration is named, before anything listens', async () => {
  const { app, http } = await withRoutes(() => undefined, {
    http: {
      bodyLimit: -1,
      keepAliveTimeout: 1.5,
      drainDelay: 2 ** 31,
      headersTimeout: 70_000,
      requestIdHeader: 'x request id',
      trustProxy: ['10.0.0.0/8', '10.0.0.0/33', 'proxy.local'],
      health: { live: 'health', timeout: Number.NaN },
      csrf: true,
      cors: { origin: 'https://library.example/' },
    },
  })
  const failure = await app.run(http).catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'LIMBER_INVALID_HTTP_CONFIG',
    message: 'config/http.ts has 11 faults.',
  })
  expect(failure).toHaveProperty('faults', [
    { path: 'bodyLimit', message: 'It is -1, but has to be a whole number from 1 to 2147483647.' },
    { path: 'keepAliveTimeout', message: 'It is 1.5, but has to be a whole number from 1 to 2147483647.' },
    { path: 'drainDelay', message: 'It is 2147483648, but has to be a whole number from 0 to 2147483647.' },
    { path: 'health.timeout', message: 'It is NaN, but has to be a whole number from 1 to 2147483647.' },
    {
      path: 'headersTimeout',
      message: 'It is 70000, but must not be longer than requestTimeout, which is 60000.',
    },
    { path: 'trustProxy', message: '"10.0.0.0/33" is no address and no network.' },
    { path: 'trustProxy', message: '"proxy.local" is no address and no network.' },
    { path: 'requestIdHeader', message: '"x request id" is not the name of a header.' },
    { path: 'health.live', message: '"health" does not start with a slash.' },
    {
      path: 'cors.origin',
      message: 'No browser sends "https://library.example/" as an origin. Write "https://library.example".',
    },
    {
      path: 'csrf',
      message: 'It has nowhere to keep the secret of a client. Configure sessions, or at least cookies.',
    },
  ])
  expect(http.address).toBeUndefined()
})

test.for([
  ['a list with several in one text', ['10.0.0.0/8, 192.0.2.0/24'], undefined],
  ['a network of everybody', '0.0.0.0/0', '"0.0.0.0/0" is no address and no network.'],
  ['an empty text', '', '"" is no address and no network.'],
] as const)('for proxies, %s', async ([, trustProxy, message]) => {
  const building = seenBehind(trustProxy, '192.0.2.1')
  if (message) await expect(building).rejects.toMatchObject({ faults: [{ path: 'trustProxy', message }] })
  else expect(await building).toEqual(forwarded('203.0.113.9'))
})

test('times that would be over at once are refused', async () => {
  const http = { drainDelay: 2 ** 30, drainTimeout: 2 ** 30, health: { timeout: 0 } }
  const { http: kernel } = await withRoutes(() => undefined, { http })
  await expect(kernel.build()).rejects.toMatchObject({
    faults: [{ path: 'health.timeout' }, { path: 'drainTimeout' }],
  })
})

test('headers that are too large together are refused', async () => {
  const { url } = await serving((router) => router.get('/', () => 'hello'), { http: { maxHeaderSize: 1024 } })
  const reply = await fetch(url, { headers: { 'x-long': 'a'.repeat(2000) } })
  expect(reply.status).toBe(431)
  expect(await reply.json()).toMatchObject({ code: 'LIMBER_HEADERS_TOO_LARGE' })
})

test('a parameter that is too long is a 414', async () => {
  const { http } = await withRoutes((router) => router.get('/books/:id', () => 'Emma'), {
    http: { maxParamLength: 10 },
  })
  expect((await http.inject(`/books/${'1'.repeat(10)}`)).statusCode).toBe(200)
  expect((await http.inject(`/books/${'1'.repeat(11)}`)).statusCode).toBe(414)
})

test('a handler that takes too long is a 504', async () => {
  const { http } = await withRoutes((router) => router.get('/', () => new Promise(() => undefined)), {
    http: { handlerTimeout: 10 },
  })
  expect((await http.inject('/')).json()).toMatchObject({ status: 504, code: 'LIMBER_HANDLER_TIMEOUT' })
})

test('a client is told to close its connection with the last request that it may carry', async () => {
  const { http } = await serving((router) => router.get('/', () => 'hello'), {
    http: { maxRequestsPerSocket: 2 },
  })
  const socket = connect(Number(http.port), '127.0.0.1').setEncoding('utf8')
  onTestFinished(() => void socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2))
  let replies = ''
  while (!/hello.*hello/s.test(replies)) replies += (await once(socket, 'data'))[0]
  expect(replies.match(/connection: [a-z-]+/gi)).toEqual(['Connection: keep-alive', 'Connection: close'])
})

test.for([
  ['headers', 'GET / HTTP/1.1\r\nhost: x\r\n', { headersTimeout: 50, requestTimeout: 60_000 }],
  [
    'a body',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n',
    { headersTimeout: 50, requestTimeout: 50 },
  ],
] as const)('a client that does not finish sending %s is let go', async ([, sent, http]) => {
  const { http: kernel } = await serving((router) => router.post('/', () => 'hello'), { http })
  const socket = connect(Number(kernel.port), '127.0.0.1')
  socket.write(sent)
  expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /)
})

test('a client that does not read its reply is let go, and one that waits for a slow handler is not', async () => {
  const letGo = Promise.withResolvers<string>()
  const ended = Promise.withResolvers<void>()
  const { url, http } = await serving(
    (router) => {
      router.get('/slow', () => letGo.promise)
      router.get('/endless', () => {
        const bytes = Buffer.alloc(65_536)
        const stream = new Readable({ read: () => void stream.push(bytes) })
        return stream.once('close', ended.resolve)
      })
    },
    { http: { connectionTimeout: 50 } },
  )
  const slow = fetch(`${url}/slow`)
  const socket = connect(Number(http.port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
  await ended.promise
  letGo.resolve('patience')
  expect(await (await slow).text()).toBe('patience')
})

const FORWARDED = {
  'x-forwarded-for': '203.0.113.9, 10.1.2.3',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'library.example',
}

async function seenBehind(trustProxy: HttpConfig['trustProxy'], remoteAddress: string) {
  const { http } = await withRoutes(
    (router) => {
      router.get('/', ({ request: { ip, protocol, host } }) => ({ ip, protocol, host }))
    },
    { http: trustProxy === undefined ? {} : { trustProxy } },
  )
  return (await http.inject({ url: '/', headers: FORWARDED, remoteAddress })).json()
}

const direct = (ip: string) => ({ ip, protocol: 'http', host: 'localhost:80' })
const forwarded = (ip: string) => ({ ip, protocol: 'https', host: 'library.example' })

test.for([
  ['nobody, by default', undefined, '10.0.0.1', direct('10.0.0.1')],
  ['a network, from inside', '10.0.0.0/8', '10.0.0.1', forwarded('203.0.113.9')],
  ['a network, from outside', '10.0.0.0/8', '192.0.2.1', direct('192.0.2.1')],
  ['a list of addresses', ['10.0.0.1', '192.0.2.0/24'], '192.0.2.1', forwarded('10.1.2.3')],
  ['one proxy in front', 1, '192.0.2.1', forwarded('10.1.2.3')],
  ['two proxies in front', 2, '192.0.2.1', forwarded('203.0.113.9')],
  ['no proxy in front', 0, '192.0.2.1', direct('192.0.2.1')],
  ['everybody', true, '192.0.2.1', forwarded('203.0.113.9')],
] as const)('forwarded headers are believed from %s', async ([, trustProxy, from, seen]) => {
  expect(await seenBehind(trustProxy, from)).toEqual(seen)
})
