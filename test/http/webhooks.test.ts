import { once } from 'node:events'
import { connect } from 'node:net'
import { type ErrorKind, LimberError, type Webhook } from 'limber'
import type { Router } from 'limber/http'
import { expect, onTestFinished, test } from 'vitest'
import { loggedApplication } from './logged-application.ts'
import { Recorder, type ServeOptions, serving, withRoutes } from './serve-routes.ts'

class RefusalError extends LimberError {
  readonly code = 'APP_REFUSAL'
  readonly kind: ErrorKind

  constructor(kind: ErrorKind, message = 'No.') {
    super(message)
    this.kind = kind
  }
}

/** Takes what knows the secret, and keeps it. */
class Inbox implements Webhook {
  readonly path = '/hooks/inbox'
  readonly bodyLimit = 64
  readonly taken: string[] = []
  work: () => unknown = () => undefined

  admit(headers: Parameters<Webhook['admit']>[0]): void {
    if (headers['x-secret'] !== 'sesame') throw new RefusalError('forbidden')
  }

  async take(body: string): Promise<void> {
    this.taken.push(body)
    await this.work()
  }
}

const SECRET = { 'x-secret': 'sesame' }

function withInbox(inbox: Webhook, options: ServeOptions = {}): ServeOptions {
  return {
    ...options,
    register: (app) => {
      options.register?.(app)
      app.singleton('inbox', () => inbox)
      app.tag('webhook', 'inbox')
    },
  }
}

declare module 'limber' {
  interface Services {
    inbox: Webhook
  }
}

async function servingInbox(options: ServeOptions = {}, add: (router: Router) => void = () => undefined) {
  const inbox = new Inbox()
  const served = await serving(add, withInbox(inbox, options))
  const post = (body: RequestInit['body'], headers: Record<string, string> = SECRET) =>
    fetch(`${served.url}${inbox.path}`, { method: 'POST', body: body ?? null, headers })
  return { ...served, inbox, post }
}

test.for([
  ['JSON', '{"update_id": 1 }', 'application/json'],
  ['JSON that is none', '{"update_id"', 'application/json; charset=utf-8'],
  ['a form', 'a=1&b=2', 'application/x-www-form-urlencoded'],
  ['a type that there is not', 'Grüße 🐢\r\n', 'no type at all; charset=latin1'],
  ['nothing', '', 'text/plain'],
] as const)('%s is given as it was sent, and answered with nothing', async ([, body, type]) => {
  const { inbox, post } = await servingInbox()
  const reply = await post(body, { ...SECRET, 'content-type': type })
  expect([reply.status, await reply.text()]).toEqual([200, ''])
  expect(inbox.taken).toEqual([body])
})

test('a body without a type is taken too', async () => {
  const { inbox, post } = await servingInbox()
  expect((await post(Buffer.from('{}'))).status).toBe(200)
  expect(inbox.taken).toEqual(['{}'])
})

test.for([
  ['not UTF-8', Buffer.from([0xff]), {}, 400, 'LIMBER_MALFORMED_BODY'],
  ['compressed', 'x', { 'content-encoding': 'gzip' }, 415, 'LIMBER_UNSUPPORTED_MEDIA_TYPE'],
  ['too large', 'x'.repeat(65), {}, 413, 'LIMBER_BODY_TOO_LARGE'],
] as const)('a body that is %s is refused as a problem', async ([, body, headers, status, code]) => {
  const { inbox, post } = await servingInbox()
  const reply = await post(body, { ...SECRET, ...headers })
  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-type')).toContain('application/problem+json')
  expect(await reply.json()).toMatchObject({ code })
  expect(inbox.taken).toEqual([])
})

/** Sends the beginning of a request, and gives the first line of what comes back. */
async function begin(port: number | undefined, ...headers: string[]) {
  const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8')
  onTestFinished(() => void socket.destroy())
  socket.write(['POST /hooks/inbox HTTP/1.1', 'host: x', ...headers, '', ''].join('\r\n'))
  let reply = ''
  while (!reply.includes('\r\n')) reply += (await once(socket, 'data'))[0]
  return reply.split('\r\n')[0]
}

test('whoever is not admitted is refused before the body has come', async () => {
  const { http, inbox } = await servingInbox()
  expect(await begin(http.port, 'x-secret: wrong', 'content-length: 60')).toBe('HTTP/1.1 403 Forbidden')
  expect(await begin(http.port, 'content-length: 6000000')).toBe('HTTP/1.1 403 Forbidden')
  expect(inbox.taken).toEqual([])
})

test('a body that says that it is too large is refused before it has come', async () => {
  const { http } = await servingInbox()
  const line = await begin(http.port, 'x-secret: sesame', 'content-length: 65')
  expect(line).toBe('HTTP/1.1 413 Payload Too Large')
})

test('a body that does not say how large it is ends where it may not go on', async () => {
  const { http, inbox } = await servingInbox()
  const socket = connect(Number(http.port), '127.0.0.1').setEncoding('utf8')
  onTestFinished(() => void socket.destroy())
  const head =
    'POST /hooks/inbox HTTP/1.1\r\nhost: x\r\nx-secret: sesame\r\ntransfer-encoding: chunked\r\n\r\n'
  socket.write(`${head}50\r\n${'x'.repeat(80)}\r\n`)
  const [reply] = await once(socket, 'data')
  expect(reply).toMatch(/^HTTP\/1.1 413 /)
  expect(inbox.taken).toEqual([])
})

test.for([
  ['malformed', 400],
  ['unavailable', 503],
  ['too-many', 429],
  ['internal', 500],
] as const)('an error of the kind %s is a problem with the status %i', async ([kind, status]) => {
  const { inbox, post, errors } = await servingInbox()
  inbox.work = () => {
    throw new RefusalError(kind, 'The shelf is on fire.')
  }
  const reply = await post('{}')
  expect(reply.status).toBe(status)
  expect(await reply.json()).toMatchObject({ status, code: 'APP_REFUSAL' })
  expect(errors.map(({ msg }) => msg)).toEqual(status < 500 ? [] : ['The shelf is on fire.'])
})

test('what is no error of Limber is a 500 that says nothing', async () => {
  const { inbox, post } = await servingInbox()
  inbox.work = () => Promise.reject(new TypeError('secret words'))
  const reply = await post('{}')
  expect(reply.status).toBe(500)
  expect(await reply.text()).not.toContain('secret words')
})

test('no unit of work is open, and nothing that stands around routes takes part', async () => {
  const seen: string[] = []
  class Around {
    handle(_facts: unknown, next: () => Promise<void>) {
      seen.push('middleware')
      return next()
    }
  }
  const http = {
    middleware: [Around],
    cookies: { secret: 's'.repeat(32) },
    sessions: true,
    csrf: true,
    helmet: true,
    cors: { origin: 'https://library.example' },
  } as const
  const recorder = new Recorder()
  const { inbox, post, app, url } = await servingInbox({ http }, (router) => router.post('/form', () => 'in'))
  inbox.work = () => {
    expect(app.currentScope()).toBeUndefined()
    recorder.join(app.currentScope())
  }
  const reply = await post('{}', { ...SECRET, origin: 'https://library.example', cookie: 'session=abc.def' })
  expect(reply.status).toBe(200)
  const headers = [...reply.headers.keys()]
  expect(headers.filter((name) => name === 'set-cookie' || name.startsWith('access-control'))).toEqual([])
  expect([seen, recorder.calls]).toEqual([[], []])
  expect((await fetch(`${url}/form`, { method: 'POST' })).status).toBe(403)
})

test('a stop waits for what is being taken, and turns away what comes then', async () => {
  const { app, inbox, post } = await servingInbox()
  const [began, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  inbox.work = () => {
    began.resolve()
    return goOn.promise
  }
  const reply = post('{}')
  await began.promise
  let hasStopped = false
  const stop = app.stop({ deadline: 10_000 }).then(() => {
    hasStopped = true
  })
  await expect.poll(() => post('{}').catch(() => 'refused')).toBe('refused')
  expect(hasStopped).toBe(false)
  goOn.resolve()
  expect((await reply).status).toBe(200)
  await stop
})

test('it stands in the access log, without what is secret', async () => {
  const { register } = withInbox(new Inbox())
  const { http, lines } = await loggedApplication(() => undefined, {
    http: { accessLog: true },
    ...(register && { register }),
  })
  const url = '/hooks/inbox?token=sesame'
  await http.inject({ method: 'POST', url, headers: SECRET, payload: 'sesame' })
  await expect.poll(() => lines.length).toBeGreaterThan(0)
  expect(lines.at(-1)).toMatchObject({ msg: 'POST /hooks/inbox 200', route: '/hooks/inbox', status: 200 })
  expect(JSON.stringify(lines)).not.toContain('sesame')
})

test('what is refused is told once for each reason, and again when there was time, with how often it was', async () => {
  let now = 0
  const inbox = new Inbox()
  const { http, lines } = await loggedApplication(() => undefined, {
    register(app) {
      app.rebind('clock', () => ({ now: () => now }))
      withInbox(inbox).register?.(app)
    },
  })
  const post = (payload: string, headers = {}) =>
    http.inject({ method: 'POST', url: inbox.path, headers, payload })
  for (const _ of [1, 2, 3]) expect((await post('{}')).statusCode).toBe(403)
  expect((await post('x'.repeat(100), SECRET)).statusCode).toBe(413)
  now = 10_000
  await post('{}')
  const told = lines.map(({ level, path, untold, err }) => [
    level,
    path,
    untold,
    Reflect.get(Object(err), 'code'),
  ])
  expect(told).toEqual([
    [40, '/hooks/inbox', undefined, 'APP_REFUSAL'],
    [40, '/hooks/inbox', undefined, 'LIMBER_BODY_TOO_LARGE'],
    [40, '/hooks/inbox', 2, 'APP_REFUSAL'],
  ])
})

test('other methods are told which one there is', async () => {
  const { url } = await servingInbox()
  const reply = await fetch(`${url}/hooks/inbox`)
  expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
})

test('a path that the application answers itself is a conflict with a way out', async () => {
  const building = withRoutes(
    (router) =>
      router.post('/hooks/:name', function form() {
        return 'form'
      }),
    withInbox(new Inbox()),
  )
  const { http } = await building
  expect((await http.inject({ method: 'POST', url: '/hooks/inbox', headers: SECRET })).statusCode).toBe(200)

  const taken = await withRoutes(
    (router) =>
      router.post('/hooks/inbox', function form() {
        return 'form'
      }),
    withInbox(new Inbox()),
  )
  await expect(taken.http.build()).rejects.toMatchObject({
    code: 'LIMBER_ROUTE_CONFLICT',
    message: 'POST /hooks/inbox of webhook is already taken by POST /hooks/inbox of form.',
    hint: expect.stringContaining('config/bot.ts'),
  })
})

test('a path or a limit that there cannot be is refused', async () => {
  for (const wrong of [{ path: 'hooks' }, { bodyLimit: 0 }]) {
    const inbox = Object.assign(new Inbox(), wrong)
    const { http } = await withRoutes(() => undefined, withInbox(inbox))
    await expect(http.build()).rejects.toMatchObject({ code: 'LIMBER_INVALID_ROUTE' })
  }
})

test('it is listed among the routes, and is not part of the API that is described', async () => {
  const { app, url } = await servingInbox({ http: { openapi: { title: 'Library', version: '1' } } })
  expect(app.make('router').routes.map(({ signature, label }) => `${signature} ${label}`)).toContain(
    'POST /hooks/inbox webhook',
  )
  expect(await (await fetch(`${url}/openapi.json`)).text()).not.toContain('/hooks')
})
