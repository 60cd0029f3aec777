import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Guard, inject, injectable, LimberError } from 'limber'
import type { HttpKernel, Socket, SocketHandlers, SocketOptions } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Recorder, serving, withRoutes } from '../serve-routes.ts'
import { talkTo } from './talk.ts'

async function serve(handlers: SocketHandlers, options: SocketOptions = {}) {
  const served = await serving((router) => router.ws('/talk', handlers, options))
  return { ...served, url: `${served.url}/talk` }
}

/** Asks for a WebSocket by hand. */
function askFor(http: HttpKernel, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  return request({
    host: '127.0.0.1',
    port: http.port,
    path,
    method,
    headers: { ...upgrade, ...headers },
  }).end()
}

/** Gives the reply of a server that refuses. */
async function knock(http: HttpKernel, path: string, headers: Record<string, string> = {}) {
  const asked = askFor(http, path, headers)
  asked.once('upgrade', (_reply, socket) => socket.destroy())
  const [reply] = await Promise.race([once(asked, 'response'), once(asked, 'upgrade')])
  if (reply.statusCode === 101) return { status: 101, type: undefined, problem: undefined }
  const { 'content-type': type } = reply.headers
  return { status: reply.statusCode, type, problem: JSON.parse(await text(reply)) }
}

class ForbiddenError extends LimberError {
  readonly code = 'TEST_FORBIDDEN'
  readonly kind = 'forbidden'
}

const closedDoor: Guard = {
  name: 'closed',
  admit: () => {
    throw new ForbiddenError('Not you.')
  },
}

const chat = {
  message: z.object({ text: z.string(), at: z.coerce.date().optional() }),
  sends: z.object({ text: z.string() }),
}

@injectable()
class Count {
  value = 0
}

@injectable()
class ChatController {
  readonly #count: Count

  constructor(@inject(Count) count: Count) {
    this.#count = count
  }

  open(socket: Socket<typeof chat, { said: number }>) {
    socket.data.said = 0
    socket.send({ text: 'welcome' })
  }

  message({ text }: { text: string }, { data }: Socket<typeof chat, { said: number }>) {
    data.said = (data.said ?? 0) + 1
    this.#count.value++
    return { text: `${text} ${data.said} ${this.#count.value}`, secret: 'x' }
  }
}

test('a controller is made for each message, and what is kept between them is that of the connection', async () => {
  const { url } = await serving((router) => router.ws('/chat', ChatController, chat))
  const { say, hear } = await talkTo(`${url}/chat`)
  expect(await hear()).toEqual({ text: 'welcome' })
  say({ text: 'a' })
  say({ text: 'b' })
  expect([await hear(), await hear()]).toEqual([{ text: 'a 1 1' }, { text: 'b 2 1' }])
  const other = await talkTo(`${url}/chat`)
  other.say({ text: 'c' })
  expect([await other.hear(), await other.hear()]).toEqual([{ text: 'welcome' }, { text: 'c 1 1' }])
})

test('without a schema, messages are the texts and bytes that came, and texts and bytes are sent', async () => {
  const heard: unknown[] = []
  const { url } = await serve({
    message(message) {
      heard.push(message)
      return typeof message === 'string' ? JSON.stringify(message) : message
    },
  })
  const { socket, hear } = await talkTo(url)
  socket.send('plain')
  socket.send(Uint8Array.of(1, 2))
  expect(await hear()).toBe('plain')
  expect(await hear()).toEqual(Uint8Array.of(1, 2).buffer)
  expect(heard).toEqual(['plain', Buffer.of(1, 2)])
})

test('a bad message is answered with what is wrong with it, and the next one with what it asks for', async () => {
  const { url, errors } = await serving((router) =>
    router.ws('/chat', { message: ({ text }) => ({ text }) }, chat),
  )
  const { socket, say, hear } = await talkTo(`${url}/chat`)
  socket.send('{"text":')
  socket.send(Uint8Array.of(1))
  say({ text: 3 })
  say({ text: 'fine' })
  const malformed = { status: 400, code: 'LIMBER_MALFORMED_MESSAGE', requestId: expect.any(String) }
  expect(await hear()).toMatchObject({ error: { ...malformed, message: 1 } })
  expect(await hear()).toMatchObject({ error: { ...malformed, message: 2 } })
  expect(await hear()).toMatchObject({
    error: { status: 422, code: 'LIMBER_MESSAGE_INVALID', message: 3, errors: [{ path: 'message.text' }] },
  })
  expect(await hear()).toEqual({ text: 'fine' })
  expect(errors).toEqual([])
})

test('what does not fit the schema is not sent, and the client learns nothing of it', async () => {
  const { url, errors } = await serving((router) =>
    router.ws('/chat', { message: (_message, socket) => socket.send(Object({ secret: 'x' })) }, chat),
  )
  const { say, hear } = await talkTo(`${url}/chat`)
  say({ text: 'a' })
  const { error } = Object(await hear())
  expect(error).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'LIMBER_RESPONSE_INVALID',
    requestId: expect.any(String),
    message: 1,
  })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ requestId: error.requestId, route: 'WS /chat', message: 1 })
})

test('a schema of what is sent must not be asynchronous', async () => {
  const sends = z.object({}).refine(async () => true)
  const asynchronous = { '~standard': { ...sends['~standard'], validate: async () => ({ value: {} }) } }
  const { url, errors } = await serve({ message: () => ({}) }, { sends: asynchronous })
  const { say, hear } = await talkTo(url)
  say('a')
  expect(await hear()).toMatchObject({ error: { code: 'LIMBER_INVALID_REPLY' } })
  expect(errors[0]?.msg).toContain('asynchronous')
})

test('messages are handled one after the other, however many come at once, each in a unit of work of its own', async () => {
  const order: string[] = []
  const scopes = new Set<string>()
  const { url, app, errors } = await serve(
    {
      async message(message) {
        scopes.add(String(app.currentScope()?.id))
        order.push(`begin ${message}`)
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`end ${message}`)
        return { done: Number(message) }
      },
    },
    { maxQueued: 2 },
  )
  const { socket, hear } = await talkTo(url)
  const numbers = Array.from({ length: 100 }, (_, n) => n)
  for (const n of numbers) socket.send(String(n))
  for (const n of numbers) expect(await hear()).toEqual({ done: n })
  expect(order).toEqual(numbers.flatMap((n) => [`begin ${n}`, `end ${n}`]))
  expect(scopes.size).toBe(100)
  expect(errors).toEqual([])
})

test('an error undoes its message only, and what a message gives is sent when it is committed', async () => {
  const recorders = [new Recorder(), new Recorder(), new Recorder()]
  const committed: boolean[] = []
  let n = 0
  const { url, app, errors } = await serve({
    message() {
      const recorder = recorders[n++]
      recorder?.join(app.currentScope())
      if (n === 2) throw new Error('out of paper')
      return {
        toJSON: () => {
          committed.push(recorder?.calls.includes('commit') === true)
          return { n }
        },
      }
    },
  })
  const { say, hear } = await talkTo(url)
  for (const word of ['a', 'b', 'c']) say(word)
  expect(await hear()).toEqual({ n: 1 })
  expect(await hear()).toMatchObject({ error: { status: 500, code: 'LIMBER_UNEXPECTED', message: 2 } })
  expect(await hear()).toEqual({ n: 3 })
  expect(committed).toEqual([false, false])
  const done = ['commit', 'close']
  expect(recorders.map(({ calls }) => calls)).toEqual([
    ['flush', ...done],
    ['rollback', 'close'],
    ['flush', ...done],
  ])
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ msg: 'out of paper', message: 2 })
})

test('a commit that fails is told instead of the result', async () => {
  const recorder = new Recorder()
  recorder.failing = 'commit'
  const { url, app } = await serve({
    message() {
      recorder.join(app.currentScope())
      return { saved: true }
    },
  })
  const { say, hear } = await talkTo(url)
  say('a')
  expect(await hear()).toMatchObject({ error: { status: 500, message: 1 } })
})

test('whoever may not connect gets an ordinary reply', async () => {
  const { http } = await serving((router) => {
    router.get('/page', () => 'hello')
    const options = { params: z.object({ room: z.coerce.number() }), query: z.object({ name: z.string() }) }
    router.ws('/rooms/:room', { message: () => undefined }, options)
    router.group({ guards: [closedDoor] }, (group) => group.ws('/closed', { message: () => undefined }))
  })
  const problem = expect.stringContaining('application/problem+json')
  expect(await knock(http, '/closed')).toMatchObject({
    status: 403,
    type: problem,
    problem: { code: 'TEST_FORBIDDEN' },
  })
  expect(await knock(http, '/rooms/x')).toMatchObject({
    status: 422,
    problem: { errors: [{ path: 'params.room' }, { path: 'query.name' }] },
  })
  expect(await knock(http, '/nowhere')).toMatchObject({
    status: 404,
    problem: { code: 'LIMBER_ROUTE_NOT_FOUND' },
  })
  expect(await knock(http, '/page')).toMatchObject({
    status: 404,
    problem: { code: 'LIMBER_ROUTE_NOT_FOUND' },
  })
  expect((await knock(http, '/rooms/1?name=a')).status).toBe(101)
  const plain = await http.inject('/rooms/1?name=a')
  expect([plain.statusCode, plain.headers.upgrade, plain.json().code]).toEqual([
    426,
    'websocket',
    'LIMBER_UPGRADE_REQUIRED',
  ])
})

test('what asks for anything but a WebSocket is answered as if it had not asked', async () => {
  const { http } = await serving((router) => {
    router.ws('/talk', { message: () => undefined })
    router.post('/page', ({ body }) => ({ body }))
  })
  const asked = request({ host: '127.0.0.1', port: http.port, path: '/page', method: 'POST' })
  asked.setHeader('connection', 'Upgrade, HTTP2-Settings')
  asked.setHeader('upgrade', 'h2c').setHeader('content-type', 'text/plain').end('hello')
  const [reply] = await once(asked, 'response')
  expect([reply.statusCode, await text(reply)]).toEqual([200, '{"body":"hello"}'])
})

test('a HEAD request has no WebSocket, whatever it asks for, and is answered', async () => {
  const { http } = await serve({ message: () => undefined })
  const [reply] = await once(askFor(http, '/talk', {}, 'HEAD'), 'response')
  expect(reply.statusCode).toBe(426)
})

test.for([
  ['no browser', undefined, {}, 101],
  ['its own page', 'http://HOST', {}, 101],
  ['its own page behind a proxy with TLS', 'https://HOST', {}, 101],
  ['another site', 'https://evil.example', {}, 403],
  ['another port', 'http://127.0.0.1:1', {}, 403],
  ['a page without an origin', 'null', {}, 403],
  ['what is no address', 'HOST', {}, 403],
  ['a site that is named', 'https://app.example', { origins: ['https://app.example'] }, 101],
  ['a site that is not named', 'https://app.example.evil', { origins: ['https://app.example'] }, 403],
  ['every site', 'https://evil.example', { origins: '*' }, 101],
] as [string, string | undefined, SocketOptions, number][])(
  'from %s',
  async ([, origin, options, status]) => {
    const { http } = await serve({ message: () => undefined }, options)
    const from = origin?.replace('HOST', `127.0.0.1:${http.port}`)
    const reply = await knock(http, '/talk', from === undefined ? {} : { origin: from })
    expect(reply.status).toBe(status)
    if (status === 403) expect(reply.problem.code).toBe('LIMBER_ORIGIN_REFUSED')
  },
)

test('the unit of work of the handshake is over before the connection is open', async () => {
  const recorder = new Recorder()
  const atOpen: string[] = []
  const guard: Guard = { name: 'all', admit: (_request, app) => recorder.join(app.currentScope()) }
  const { url } = await serve(
    { open: () => void atOpen.push(...recorder.calls), message: () => 1 },
    { guards: [guard] },
  )
  const { say, hear } = await talkTo(url)
  say('a')
  expect(await hear()).toBe(1)
  expect(atOpen).toEqual(['flush', 'commit', 'close'])
})

test('an opening that fails closes the connection with its code', async () => {
  const closes: unknown[] = []
  const { url, errors } = await serve({
    open: () => Promise.reject(new ForbiddenError('Not you.')),
    message: () => closes.push('message'),
    close: () => closes.push('close'),
  })
  const { closed, hear, say } = await talkTo(url)
  say('a')
  expect(await hear()).toMatchObject({ error: { status: 403, code: 'TEST_FORBIDDEN' } })
  expect(await closed).toMatchObject({ code: 1008, reason: 'TEST_FORBIDDEN' })
  expect([closes, errors]).toEqual([[], []])
})

test('a message that is too large closes its connection with 1009', async () => {
  const { url } = await serving((router) => {
    router.ws('/small', { message: () => 1 }, { maxPayload: 10 })
    router.ws('/large', { message: () => 1 }, { maxPayload: 100 })
  })
  for (const [path, size] of [
    ['/small', 11],
    ['/large', 101],
  ] as const) {
    const { socket, closed, hear } = await talkTo(`${url}${path}`)
    socket.send('x'.repeat(size - 1))
    expect(await hear()).toBe(1)
    socket.send('x'.repeat(size))
    expect((await closed).code).toBe(1009)
  }
})

test('a client that goes has what it sent handled, and then its end', async () => {
  const recorder = new Recorder()
  const calls: string[] = []
  const ended = Promise.withResolvers<unknown>()
  const { url, app, errors } = await serve({
    async message(message) {
      recorder.join(app.currentScope())
      await new Promise((resolve) => setImmediate(resolve))
      calls.push(String(message))
      return { lost: true }
    },
    close: ({ signal }, closing) => {
      recorder.join(app.currentScope())
      ended.resolve({ ...closing, isAborted: signal.aborted })
    },
  })
  const { socket } = await talkTo(url)
  socket.send('a')
  socket.send('b')
  socket.close(4001, 'enough')
  expect(await ended.promise).toEqual({ code: 4001, reason: 'enough', isAborted: true })
  expect(calls).toEqual(['a', 'b'])
  expect(recorder.calls.filter((call) => call === 'rollback')).toEqual([])
  expect(errors).toEqual([])
})

test('a client that does not answer is cut', async () => {
  const ended = Promise.withResolvers<number>()
  const { http } = await serve(
    { message: () => undefined, close: (_socket, { code }) => ended.resolve(code) },
    { heartbeat: 5 },
  )
  const [, silent] = await once(askFor(http, '/talk'), 'upgrade')
  silent.resume()
  expect(await ended.promise).toBe(1006)
})

test('a client that does not read is closed, and its memory given back', async () => {
  const ended = Promise.withResolvers<number>()
  const { http } = await serve(
    {
      async open(socket) {
        while (!socket.signal.aborted && sent < 10_000) {
          socket.send('x'.repeat(100_000))
          sent++
          await new Promise((resolve) => setImmediate(resolve))
        }
        ended.resolve(sent)
      },
      message: () => undefined,
    },
    { maxBuffered: 1_000_000 },
  )
  let sent = 0
  const [, silent] = await once(askFor(http, '/talk'), 'upgrade')
  silent.pause()
  expect(await ended.promise).toBeLessThan(10_000)
  silent.destroy()
})

test.for<[string, SocketOptions]>([
  ['a heartbeat of nothing', { heartbeat: 0 }],
  ['an endless heartbeat', { heartbeat: Number.POSITIVE_INFINITY }],
  ['a queue for nobody', { maxQueued: 0 }],
  ['messages of less than nothing', { maxPayload: -1 }],
  ['half a byte', { maxBuffered: 1.5 }],
])('a route with %s is refused', async ([, options]) => {
  const adding = withRoutes((router) => router.ws('/talk', { message: () => undefined }, options))
  await expect(adding).rejects.toMatchObject({ cause: { code: 'LIMBER_INVALID_ROUTE' } })
})

test('limber routes and conflicts treat it as the GET that it is', async () => {
  await expect(
    withRoutes((router) => {
      router.get('/talk', () => 'page')
      router.ws('/talk', { message: () => undefined })
    }),
  ).rejects.toThrow('GET /talk')
})

test.for([
  ['without a key', { 'sec-websocket-key': '' }, 400, 'LIMBER_MALFORMED_REQUEST'],
  ['with a key that is none', { 'sec-websocket-key': 'key' }, 400, 'LIMBER_MALFORMED_REQUEST'],
  ['of another version', { 'sec-websocket-version': '7' }, 426, 'LIMBER_UPGRADE_REQUIRED'],
] as const)('a handshake %s is refused like any other request', async ([, headers, status, code]) => {
  const { http, errors } = await serve({ message: () => undefined })
  expect(await knock(http, '/talk', headers)).toMatchObject({ status, problem: { code } })
  expect(errors).toEqual([])
})

test('a message that throws what nobody can look at is an error like any other, and the next one is handled', async () => {
  const odd = Object.defineProperty(new Error('odd'), 'detail', {
    enumerable: true,
    get() {
      throw new Error('not now')
    },
  })
  const { url, errors } = await serve({
    message(message) {
      if (String(message).includes('odd')) throw odd
      return { fine: true }
    },
  })
  const { say, hear } = await talkTo(url)
  say('odd')
  expect(await hear()).toMatchObject({ error: { status: 500, code: 'LIMBER_UNEXPECTED', message: 1 } })
  say('even')
  expect(await hear()).toEqual({ fine: true })
  expect(errors).toMatchObject([{ route: 'WS /talk', message: 1, err: { type: 'UnspeakableError' } }])
})
