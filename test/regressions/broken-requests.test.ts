import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { serving } from '../http/serve-routes.ts'

async function sending(request: string) {
  const { http } = await serving((router) => router.get('/', () => 'hello'))
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write(request)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  const [statusLine, ...headers] = head.toLowerCase().split('\r\n')
  return { status: Number(statusLine?.split(' ')[1]), headers, problem: JSON.parse(body) }
}

const long = 'x'.repeat(20_000)

test.for([
  ['a garbage request line', 'garbage\r\n\r\n', 400, 'LIMBER_MALFORMED_REQUEST'],
  ['an unknown method', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400, 'LIMBER_MALFORMED_REQUEST'],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${long}\r\n\r\n`,
    431,
    'LIMBER_HEADERS_TOO_LARGE',
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'LIMBER_MALFORMED_REQUEST',
  ],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400, 'LIMBER_MALFORMED_REQUEST'],
  ['no host, for no route', 'GET /none HTTP/1.1\r\n\r\n', 400, 'LIMBER_MALFORMED_REQUEST'],
] as const)(
  'a request with %s gets a problem, and the connection ends',
  async ([, request, status, code]) => {
    const reply = await sending(request)
    expect(reply.status).toBe(status)
    expect(reply.headers.join('\n')).toMatch(/^content-type: application\/problem\+json/m)
    expect(reply.headers).toContain('connection: close')
    expect(reply.problem).toMatchObject({
      type: 'about:blank',
      status,
      code,
      requestId: expect.any(String),
      detail: expect.any(String),
    })
  },
)

test('a request that does not arrive in time is a 408', async () => {
  const { http } = await serving((router) => router.get('/', () => 'hello'), {
    http: { requestTimeout: 50 },
  })
  const socket = connect(Number(http.port), '127.0.0.1')
  const timeout = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  http.fastify.server.once('connection', (accepted) =>
    http.fastify.server.emit('clientError', timeout, accepted),
  )
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 [\s\S]+"code":"LIMBER_REQUEST_TIMEOUT"/)
})

test('an HTTP/1.0 request needs no host', async () => {
  const { http } = await serving((router) => router.get('/', () => 'hello'))
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET / HTTP/1.0\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a broken request after one whose reply has begun does not write into that reply', async () => {
  const begun = Promise.withResolvers<void>()
  const { http } = await serving((router) =>
    router.get('/', ({ response }) => {
      response.raw.hijack()
      response.raw.raw.writeHead(200, { 'content-length': '10' }).write('half')
      begun.resolve()
    }),
  )
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.on('error', () => undefined)
  let received = ''
  socket.on('data', (bytes) => {
    received += bytes
  })
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await begun.promise
  socket.write('garbage\r\n\r\n')
  await once(socket, 'close')
  expect(received).toMatch(/half$/)
})
