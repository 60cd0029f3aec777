import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Application } from 'limber'
import { expect, test } from 'vitest'
import { loggedApplication } from './logged-application.ts'

const UUID = /^[0-9a-f-]{36}$/
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

function saying(app: Application, message: string) {
  app.make('log').info(message)
  return message
}

test('every line of a request carries its id, its route and its scope, also from work inside it', async () => {
  const { http, lines } = await loggedApplication((router) => {
    router.get('/books/:id', async ({ app }) => {
      saying(app, 'looking')
      app.currentScope()?.note({ user: 7 })
      await app.scope(() => saying(app, 'counting'))
      return saying(app, 'found')
    })
  })
  const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }
  const reply = await http.inject({ url: '/books/1', headers })
  const requestId = reply.headers['x-request-id']
  expect(requestId).toMatch(UUID)
  const request = { requestId, traceId: TRACE, kind: 'request', label: 'GET /books/:id' }
  expect(lines).toMatchObject([
    { msg: 'looking', ...request },
    { msg: 'counting', requestId, traceId: TRACE, kind: 'scope', user: 7 },
    { msg: 'found', ...request, user: 7 },
  ])
  expect(lines[0]).not.toHaveProperty('user')
  expect(lines[0]?.scope).toBe(lines[2]?.scope)
  expect(lines[1]?.scope).not.toBe(lines[0]?.scope)
})

test('two requests at once keep their facts apart, and outside of scopes there are none', async () => {
  const { app, http, lines } = await loggedApplication((router) => {
    router.get('/:name', async ({ app, params }) => {
      const { name } = params as { name: string }
      app.currentScope()?.note({ name })
      await new Promise((resolve) => setImmediate(resolve))
      return saying(app, name)
    })
  })
  await Promise.all(['ada', 'bob', 'eve'].map((name) => http.inject(`/${name}`)))
  expect(lines.map(({ name, msg }) => name === msg)).toEqual([true, true, true])
  saying(app, 'alone')
  expect(lines.at(-1)).not.toHaveProperty('scope')
})

test.for([
  ['another length', `00-${TRACE}0-00f067aa0ba902b7-01`],
  ['only zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['the version that never will be', `ff-${TRACE}-00f067aa0ba902b7-01`],
  ['more than its version has', `00-${TRACE}-00f067aa0ba902b7-01-more`],
  ['a line break', `00-${TRACE}-00f067aa0ba902b7-01\nfoo`],
])('a traceparent with %s is ignored', async ([, traceparent]) => {
  const { http, lines } = await loggedApplication((router) =>
    router.get('/', ({ app }) => saying(app, 'hello')),
  )
  await http.inject({ url: '/', headers: { traceparent } })
  expect(lines[0]).toHaveProperty('requestId')
  expect(lines[0]).not.toHaveProperty('traceId')
})

test('the same id is in the reply, in the problem and in the log', async () => {
  const { http, lines } = await loggedApplication((router) => {
    router.get('/', () => {
      throw new Error('the roof is leaking')
    })
  })
  for (const url of ['/', '/%zz', '/nowhere']) {
    const reply = await http.inject(url)
    expect(reply.headers['x-request-id']).toBe(reply.json().requestId)
  }
  const reply = await http.inject('/')
  expect(lines.at(-1)).toMatchObject({ msg: 'the roof is leaking', requestId: reply.json().requestId })
})

test('beginning to listen is told by whoever serves, and not in the log as well', async () => {
  const { app, http, lines } = await loggedApplication((router) => {
    router.get('/', ({ request }) => {
      request.log.info('from a request')
      return 'hello'
    })
  })
  await app.run(http)
  http.fastify.log.info('from the server')
  await http.inject('/')
  expect(lines.map(({ msg }) => msg)).toEqual(['from the server', 'from a request'])
})

test('what never became a request is told its id as well', async () => {
  const { app, http } = await loggedApplication(() => undefined)
  await app.run(http)
  const socket = connect(Number(http.port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('NONSENSE\r\n\r\n')
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  expect(head).toContain(`x-request-id: ${JSON.parse(body).requestId}`)
})

test.for([
  ['is not taken over unless that is wanted', undefined, 'x-request-id', 'edge-1', false],
  ['is taken over when that is wanted', true, 'x-request-id', 'edge-1', true],
  ['is taken over from another header', 'X-Correlation-Id', 'x-correlation-id', 'edge-1', true],
  ['is replaced when it is too long', true, 'x-request-id', 'a'.repeat(129), false],
  ['is replaced when it could break a line', true, 'x-request-id', 'edge 1"', false],
  ['is replaced when it is empty', true, 'x-request-id', '', false],
] as const)('the request id of a client %s', async ([, requestIdHeader, name, given, isKept]) => {
  const { http } = await loggedApplication((router) => router.get('/', () => 'hello'), {
    http: requestIdHeader === undefined ? {} : { requestIdHeader },
  })
  const id = (await http.inject({ url: '/', headers: { [name]: given } })).headers['x-request-id']
  if (isKept) expect(id).toBe(given)
  else expect(id).toMatch(UUID)
})

test('secrets are not written, however deep they stand and whatever they are called', async () => {
  const { app, lines } = await loggedApplication(() => undefined, { log: { redact: ['pin'] } })
  const failure = Object.assign(new Error('refused'), {
    config: { headers: { Authorization: 'Bearer s3cret' } },
  })
  app
    .make('log')
    .child({ 'Set-Cookie': ['id=s3cret'] })
    .error(
      {
        err: failure,
        headers: { cookie: 's3cret', 'X-Api-Key': 's3cret', accept: '*/*' },
        users: [{ name: 'Ada', passwordConfirmation: 's3cret', card_pin: 1234 }],
      },
      'failed',
    )
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines)).not.toContain('s3cret')
  expect(lines[0]).toMatchObject({
    msg: 'failed',
    headers: { cookie: '[redacted]', accept: '*/*' },
    users: [{ name: 'Ada', passwordConfirmation: '[redacted]', card_pin: '[redacted]' }],
  })
})

test('words that are to be secret may be of any script, and one without letters makes nothing secret', async () => {
  const { app, lines } = await loggedApplication(() => undefined, { log: { redact: ['', '--', 'пароль'] } })
  app.make('log').info({ Пароль: 's3cret', 'api key': 's3cret', 'api.key': 's3cret', title: 'Emma' }, 'read')
  expect(lines).toMatchObject([
    { msg: 'read', title: 'Emma', Пароль: '[redacted]', 'api key': '[redacted]', 'api.key': '[redacted]' },
  ])
})

test('at the lowest level a request leaves no trace of its body', async () => {
  const { http, lines } = await loggedApplication((router) => router.post('/', () => 'stored'), {
    log: { level: 'trace' },
    http: { accessLog: true },
  })
  await http.inject({ method: 'POST', url: '/', payload: { diary: 'dear diary' } })
  await http.inject({
    method: 'POST',
    url: '/',
    payload: '{"diary": dear diary',
    headers: { 'content-type': 'application/json' },
  })
  expect(lines.length).toBeGreaterThan(1)
  expect(JSON.stringify(lines)).not.toContain('dear diary')
})

test('there is no access log unless it is wanted', async () => {
  const { http, lines } = await loggedApplication((router) => router.get('/', () => 'hello'))
  await http.inject('/')
  expect(lines).toEqual([])
})

test('the access log has one line for each reply, with its route and without its query', async () => {
  const { app, http, lines } = await loggedApplication(
    (router) => {
      router.get('/books/:id', ({ app }) => {
        app.currentScope()?.note({ user: 7 })
        return 'Emma'
      })
      router.get('/broken', () => {
        throw new Error('broken')
      })
      router.get('/quiet', () => 'shh')
    },
    { http: { accessLog: { userAgent: true, skip: ['/quiet'] } } },
  )
  await app.run(http)
  const headers = { 'user-agent': 'probe/1', connection: 'close' }
  const reply = await fetch(`${http.address}/books/1?token=a-secret-token`, { headers })
  const body = await reply.text()
  for (const path of ['/broken', '/nowhere', '/quiet', '/health', '/ready']) {
    await (await fetch(`${http.address}${path}`, { headers })).text()
  }
  await app.stop()
  const access = lines.filter((line) => 'duration' in line)
  expect(access).toMatchObject([
    {
      level: 30,
      msg: 'GET /books/1 200',
      method: 'GET',
      path: '/books/1',
      route: '/books/:id',
      status: 200,
      client: '127.0.0.1',
      userAgent: 'probe/1',
      requestId: reply.headers.get('x-request-id'),
      user: 7,
      duration: expect.any(Number),
    },
    { level: 50, msg: 'GET /broken 500' },
    { level: 40, msg: 'GET /nowhere 404' },
  ])
  expect(access[0]?.bytes).toBeGreaterThan(body.length)
  expect(JSON.stringify(lines)).not.toContain('a-secret-token')
})

test('a reply that its client breaks off is in the access log', async () => {
  const { app, http, lines } = await loggedApplication(
    (router) => {
      router.get('/endless', () => new Readable({ read: () => undefined, construct: (done) => done() }))
    },
    { http: { accessLog: true } },
  )
  await app.run(http)
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n')
  const [request] = await once(http.fastify.server, 'request')
  socket.destroy()
  await new Promise((resolve) => request.once('close', resolve))
  await app.stop()
  const access = lines.filter((line) => 'duration' in line)
  expect(access).toMatchObject([{ msg: 'GET /endless aborted', path: '/endless', aborted: true }])
})
