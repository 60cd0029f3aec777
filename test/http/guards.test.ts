import { type ClientRequest, type Guard, LimberError } from 'limber'
import { expect, test } from 'vitest'
import { Recorder, withRoutes } from './serve-routes.ts'

class StrangerError extends LimberError {
  readonly code = 'TEST_STRANGER'
  readonly kind = 'unauthenticated'
}

class Password implements Guard {
  readonly name = 'password'
  readonly seen: ClientRequest[] = []

  async admit(request: ClientRequest) {
    this.seen.push(request)
    if (request.headers.authorization !== 'open') throw new StrangerError('Who are you?')
  }
}

test('a guard decides before the body is read', async () => {
  const password = new Password()
  const { http } = await withRoutes((router) => router.post('/books', () => 'in', { guards: [password] }))
  const headers = { 'content-type': 'application/json' }
  const refused = await http.inject({ method: 'POST', url: '/books?x=1', headers, payload: '{' })
  expect(refused.json()).toMatchObject({ status: 401, code: 'TEST_STRANGER', detail: 'Who are you?' })
  expect(password.seen[0]).toMatchObject({ method: 'POST', url: '/books?x=1', ip: '127.0.0.1' })

  const admitted = { ...headers, authorization: 'open' }
  const reply = await http.inject({ method: 'POST', url: '/books', headers: admitted, payload: '{}' })
  expect(reply.body).toBe('in')
})

test('a guard runs in the unit of work of the request, which its refusal ends', async () => {
  const recorder = new Recorder()
  const counting: Guard = {
    name: 'counting',
    admit: (_request, app) => recorder.join(app.currentScope()),
  }
  const { http } = await withRoutes((router) =>
    router.get('/books', () => 'never', { guards: [counting, new Password()] }),
  )
  expect((await http.inject('/books')).statusCode).toBe(401)
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['rollback', 'close'])
})

test('a guard that fails by mistake is a 500, not a way in', async () => {
  const broken: Guard = {
    name: 'broken',
    admit: () => {
      throw new TypeError('undefined is not a user')
    },
  }
  const { http } = await withRoutes((router) => router.get('/books', () => 'never', { guards: [broken] }))
  expect((await http.inject('/books')).statusCode).toBe(500)
})

test('a guard says who sent the request, and handlers read it from the request', async () => {
  const ada: Guard = {
    name: 'ada',
    admit: (request) => {
      request.user = Object.assign(Object.create(null), { name: 'Ada' })
    },
  }
  const { http } = await withRoutes((router) => {
    router.get('/me', ({ request }) => request.user, { guards: [ada] })
    router.get('/nobody', ({ request }) => ({ user: request.user ?? null }))
  })
  expect((await http.inject('/me')).json()).toEqual({ name: 'Ada' })
  expect((await http.inject('/nobody')).json()).toEqual({ user: null })
})

test('a guard gives the reply headers, whatever becomes of the request', async () => {
  const counting: Guard = {
    name: 'counting',
    admit: (request) => request.replyHeader('x-count', request.route),
  }
  const { http } = await withRoutes((router) =>
    router.get(
      '/books/:id',
      ({ request }) => {
        if (request.url.endsWith('0')) throw new StrangerError('Not this one.')
        return 'Emma'
      },
      { guards: [counting] },
    ),
  )
  for (const [url, status] of [
    ['/books/1', 200],
    ['/books/0', 401],
  ] as const) {
    const reply = await http.inject(url)
    expect(reply.statusCode).toBe(status)
    expect(reply.headers['x-count']).toBe('GET /books/:id')
  }
})

test('the headers of an error are sent, whichever room it comes from', async () => {
  class LateError extends LimberError {
    readonly code = 'TEST_LATE'
    readonly kind = 'too-many'
    constructor() {
      super('Come back later.', { headers: { 'retry-after': '30' } })
    }
  }
  const { http } = await withRoutes((router) =>
    router.get('/', () => {
      throw new LateError()
    }),
  )
  const reply = await http.inject('/')
  expect(reply.statusCode).toBe(429)
  expect(reply.headers['retry-after']).toBe('30')
})

test('services find the request that they serve, and none in other work', async () => {
  const { app, http } = await withRoutes((router) =>
    router.get('/books', ({ app }) => app.scope(() => app.make('http.request')?.url)),
  )
  expect((await http.inject('/books?page=2')).body).toBe('/books?page=2')
  expect(await app.scope(() => app.make('http.request'))).toBeUndefined()
})

test('a guard and a service read and write the session of the client', async () => {
  const visits: Guard = {
    name: 'visits',
    admit: ({ session }) => session?.set('visits', Number(session.get('visits') ?? 0) + 1),
  }
  const { http } = await withRoutes(
    (router) => {
      router.get('/', ({ app }) => ({ visits: app.make('http.request')?.session?.get('visits') }), {
        guards: [visits],
      })
    },
    { http: { cookies: { secret: 's'.repeat(32) }, sessions: true } },
  )
  const first = await http.inject('/')
  expect(first.json()).toEqual({ visits: 1 })
  const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
  expect((await http.inject({ url: '/', headers: { cookie } })).json()).toEqual({ visits: 2 })
})
