import type { SessionStore } from 'limber'
import {
  cookieOf,
  csrfTokenOf,
  type HttpConfig,
  type HttpContext,
  type HttpSession,
  memorySessions,
  type Router,
  type SessionsConfig,
  sessionOf,
} from 'limber/http'
import { describe, expect, test } from 'vitest'
import { Recorder, type Served, withRoutes } from '../serve-routes.ts'

declare module 'limber/http' {
  interface SessionValues {
    user: string
    cart: string[]
    notice: string
  }
}

const SECRET = 's'.repeat(32)
const MINUTE = 60_000

/** Writes down what it is asked to do, over the store that applications have. */
class WatchedStore implements SessionStore {
  readonly calls: string[] = []
  readonly ids: string[] = []
  isBroken = false
  readonly #store = memorySessions()

  get = (id: string) => this.#note('get', id) ?? this.#store.get(id)
  set = (id: string, data: string, ttl: number) => this.#note('set', id) ?? this.#store.set(id, data, ttl)
  destroy = (id: string) => this.#note('destroy', id) ?? this.#store.destroy(id)

  #note(call: string, id: string): undefined {
    this.calls.push(call)
    this.ids.push(id)
    if (this.isBroken) throw new Error('the store is away')
  }
}

const addRoutes = (router: Router) => {
  router.get('/', (context) => {
    const session = sessionOf(context)
    return {
      user: session.get('user') ?? null,
      cart: session.get('cart') ?? null,
      hasUser: session.has('user'),
    }
  })
  router.post('/login', async (context) => {
    const session = sessionOf(context)
    await session.regenerate()
    session.set('user', 'ada')
  })
  router.post('/logout', (context) => sessionOf(context).destroy())
  router.post('/cart', (context) => {
    const session = sessionOf(context)
    session.set('cart', [...(session.get('cart') ?? []), 'book'])
  })
  router.post('/in-place', (context) => void sessionOf(context).get('cart')?.push('stolen'))
  router.post('/notice', (context) => sessionOf(context).set('notice', 'Saved.'))
  router.get('/notice', (context) => ({ notice: sessionOf(context).take('notice') ?? null }))
  router.post('/refused', (context) => {
    sessionOf(context).set('user', 'eve')
    context.response.status(422)
  })
}

/** A browser of one: it keeps the cookie it is given. */
function browserOf({ http }: Pick<Served, 'http'>, cookie = '') {
  const browser = {
    cookie,
    sent: undefined as string | undefined,
    go: async (method: 'GET' | 'POST', url: string) => {
      const headers = browser.cookie ? { cookie: browser.cookie } : {}
      const reply = await http.inject({ method, url, headers })
      browser.sent = reply.headers['set-cookie']?.toString()
      if (browser.sent) browser.cookie = browser.sent.split(';')[0] ?? ''
      return { status: reply.statusCode, body: reply.payload ? reply.json() : undefined }
    },
    get: async (url: string) => (await browser.go('GET', url)).body,
    post: async (url: string) => (await browser.go('POST', url)).status,
  }
  return browser
}

async function serving(sessions: SessionsConfig = {}, add = addRoutes, more: HttpConfig = {}) {
  const store = new WatchedStore()
  const http = { cookies: { secret: SECRET }, sessions: { store, ...sessions }, ...more }
  const served = await withRoutes(add, { http })
  let now = Date.now()
  served.app.swap('clock', { now: () => now })
  const pass = (time: number) => {
    now += time
  }
  return { ...served, store, pass, browser: (cookie?: string) => browserOf(served, cookie) }
}

/** A server with a request that does something to its session when it is told to finish. */
async function withSlowRequest(act: (session: HttpSession, context: HttpContext) => unknown) {
  const entered = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const { browser } = await serving({}, (router) => {
    addRoutes(router)
    router.post('/slow', async (context) => {
      const session = sessionOf(context)
      session.get('user')
      entered.resolve()
      await leave.promise
      await act(session, context)
    })
  })
  const slow = async (client: ReturnType<typeof browserOf>) => {
    const answered = client.post('/slow')
    await entered.promise
    const finish = () => {
      leave.resolve()
      return answered
    }
    return { finish }
  }
  return { browser, slow }
}

describe('a session', () => {
  test('remembers values between requests of one client', async () => {
    const { browser } = await serving()
    const [ada, other] = [browser(), browser()]
    await ada.post('/cart')
    expect(ada.sent).toMatch(/^session=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/)
    await ada.post('/cart')
    expect(await ada.get('/')).toEqual({ user: null, cart: ['book', 'book'], hasUser: false })
    expect(await other.get('/')).toMatchObject({ cart: null })
  })

  test('is saved when something was written in it, and not otherwise', async () => {
    const { browser, store } = await serving()
    const ada = browser()
    await ada.get('/')
    expect([ada.sent, store.calls]).toEqual([undefined, []])
    await ada.post('/cart')
    store.calls.length = 0
    await ada.get('/')
    await ada.post('/in-place')
    expect([ada.sent, store.calls]).toEqual([undefined, ['get', 'get']])
    expect(await ada.get('/')).toMatchObject({ cart: ['book'] })
  })

  test('shows what is taken once', async () => {
    const { browser } = await serving()
    const ada = browser()
    await ada.post('/notice')
    expect(await ada.get('/notice')).toEqual({ notice: 'Saved.' })
    expect(await ada.get('/notice')).toEqual({ notice: null })
  })

  test('is found by its cookie only when this application has signed that', async () => {
    const { browser, store } = await serving()
    const ada = browser()
    await ada.post('/cart')
    const id = decodeURIComponent(ada.cookie).slice('session='.length).split('.')[0] ?? ''
    expect(await browser(`session=${id}`).get('/')).toMatchObject({ cart: null })
    expect(await browser(ada.cookie.replace(/.$/, '-')).get('/')).toMatchObject({ cart: null })
    // Whoever reads the store finds no id that a cookie could carry.
    expect(store.ids.join()).not.toContain(id)
  })

  test('has a cookie of the form that was configured', async () => {
    const cookie = {
      name: 'shop',
      path: '/',
      domain: 'example.com',
      sameSite: 'strict',
      persistent: true,
    } as const
    const { browser } = await serving({ cookie: { ...cookie, secure: false }, idleTimeout: MINUTE })
    const ada = browser()
    await ada.post('/cart')
    expect(ada.sent).toMatch(/^shop=.*; Domain=example.com; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/)
  })
})

describe('the id', () => {
  test('changes with a login, and the one before is worth nothing', async () => {
    const { browser } = await serving()
    const ada = browser()
    await ada.post('/cart')
    const before = ada.cookie
    await ada.post('/login')
    expect(ada.cookie).not.toBe(before)
    expect(await ada.get('/')).toEqual({ user: 'ada', cart: ['book'], hasUser: true })
    expect(await browser(before).get('/')).toMatchObject({ user: null, cart: null })
  })

  test('is worth nothing after a logout, and its cookie is taken away', async () => {
    const { browser } = await serving()
    const ada = browser()
    await ada.post('/login')
    const before = ada.cookie
    await ada.post('/logout')
    expect(ada.sent).toMatch(/^session=; Max-Age=0; Path=\//)
    expect(await browser(before).get('/')).toMatchObject({ user: null })
  })

  test.for([
    ['writes in it', (session: HttpSession) => session.set('notice', 'late')],
    ['changes its id', (session: HttpSession) => session.regenerate()],
    [
      'changes its id, and is refused',
      async (session: HttpSession, { response }: HttpContext) => {
        await session.regenerate()
        response.status(422)
      },
    ],
  ] as const)('does not come back when another request, busy during the logout, %s', async ([, act]) => {
    const { browser, slow } = await withSlowRequest(act)
    const ada = browser()
    await ada.post('/login')
    const [other, before] = [browser(ada.cookie), ada.cookie]
    const { finish } = await slow(other)
    await ada.post('/logout')
    await finish()
    expect(await browser(before).get('/')).toMatchObject({ user: null })
    expect(await other.get('/')).toMatchObject({ user: null })
  })

  test.for([
    ['writes', (session: HttpSession) => session.set('notice', 'late'), 'late'],
    ['changes the id', (session: HttpSession) => session.regenerate(), null],
    ['takes something away', (session: HttpSession) => session.delete('user'), null],
  ] as const)(
    'keeps what another request has written while one was busy that %s',
    async ([, act, notice]) => {
      const { browser, slow } = await withSlowRequest(act)
      const ada = browser()
      await ada.post('/login')
      const other = browser(ada.cookie)
      const { finish } = await slow(other)
      await ada.post('/cart')
      await finish()
      expect(await other.get('/')).toMatchObject({ cart: ['book'] })
      expect(await other.get('/notice')).toEqual({ notice })
    },
  )
})

describe('a request that fails', () => {
  test('keeps nothing of what it wrote', async () => {
    const { browser } = await serving()
    const ada = browser()
    await ada.post('/cart')
    expect(await ada.post('/refused')).toBe(422)
    expect(await ada.get('/')).toMatchObject({ user: null, cart: ['book'] })
    const eve = browser()
    expect(await eve.post('/refused')).toBe(422)
    expect(eve.sent).toBeUndefined()
  })

  test('keeps nothing either when the commit fails', async () => {
    const recorder = new Recorder()
    const { app, browser } = await serving({}, (router) => {
      addRoutes(router)
      router.post('/fails', (context) => {
        recorder.failing = 'commit'
        recorder.join(app.currentScope())
        sessionOf(context).set('user', 'eve')
      })
    })
    const ada = browser()
    expect(await ada.post('/fails')).toBe(500)
    expect(ada.sent).toBeUndefined()
  })

  test('has logged out, and has changed the id, all the same', async () => {
    const fails = (name: 'regenerate' | 'destroy') => async (context: Parameters<typeof sessionOf>[0]) => {
      await sessionOf(context)[name]()
      throw new Error('no')
    }
    const { browser } = await serving({}, (router) => {
      addRoutes(router)
      router.post('/regenerate', fails('regenerate'))
      router.post('/destroy', fails('destroy'))
    })
    const ada = browser()
    await ada.post('/cart')
    const first = ada.cookie
    expect(await ada.post('/regenerate')).toBe(500)
    expect(await browser(first).get('/')).toMatchObject({ cart: null })
    expect(await ada.get('/')).toMatchObject({ cart: ['book'] })
    const second = ada.cookie
    expect(await ada.post('/destroy')).toBe(500)
    expect(ada.sent).toMatch(/^session=; Max-Age=0/)
    expect(await browser(second).get('/')).toMatchObject({ cart: null })
  })

  test('is a 500 when the store is away, and says nothing of it', async () => {
    const { browser, store, errors } = await serving()
    const ada = browser()
    await ada.post('/login')
    store.isBroken = true
    const { status, body } = await ada.go('GET', '/')
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('away')
    expect(errors[0]?.msg).toBe('the store is away')
  })

  test('is that also when the store goes before the session is kept', async () => {
    const add = (router: Router) => {
      router.get('/form', (context) => ({ token: csrfTokenOf(context) }))
      router.get('/visit', (context) => sessionOf(context).set('user', 'ada'))
    }
    const { browser, store, errors } = await serving({}, add, { csrf: true })
    store.isBroken = true
    for (const url of ['/form', '/visit']) {
      const ada = browser()
      const { status, body } = await ada.go('GET', url)
      expect([status, body, ada.sent]).toEqual([
        500,
        expect.objectContaining({ code: 'LIMBER_UNEXPECTED' }),
        undefined,
      ])
    }
    expect(errors.map((line) => [line.msg, 'req' in line])).toEqual(
      Array(2).fill(['the store is away', false]),
    )
  })
})

describe('a session ends', () => {
  test('when nobody has come for a while; whoever comes keeps it', async () => {
    const { browser, store, pass } = await serving({ idleTimeout: 10 * MINUTE })
    const ada = browser()
    await ada.post('/cart')
    for (let minutes = 0; minutes < 24; minutes += 6) {
      pass(6 * MINUTE)
      expect(await ada.get('/')).toMatchObject({ cart: ['book'] })
    }
    pass(11 * MINUTE)
    expect(await ada.get('/')).toMatchObject({ cart: null })
    // What is over goes, also where its store has not noticed.
    expect(store.calls.at(-1)).toBe('destroy')
  })

  test('after its lifetime, however busy it is', async () => {
    const { browser, pass } = await serving({ idleTimeout: 10 * MINUTE, lifetime: 20 * MINUTE })
    const ada = browser()
    await ada.post('/cart')
    for (let minutes = 0; minutes < 18; minutes += 6) {
      pass(6 * MINUTE)
      expect(await ada.get('/')).toMatchObject({ cart: ['book'] })
    }
    pass(6 * MINUTE)
    expect(await ada.get('/')).toMatchObject({ cart: null })
  })
})

describe('what is wrong is told', () => {
  test('a session that is used after it has ended', async () => {
    const { browser, errors } = await serving({}, (router) =>
      router.post('/', async (context) => {
        await sessionOf(context).destroy()
        await sessionOf(context).destroy()
        sessionOf(context).set('user', 'ada')
      }),
    )
    expect(await browser().post('/')).toBe(500)
    expect(errors[0]?.err?.code).toBe('LIMBER_SESSION_ENDED')
  })

  test('a session whose cookie is for HTTPS only, in a request that came over HTTP', async () => {
    const { browser, errors } = await serving({ cookie: { secure: true } })
    expect(await browser().post('/cart')).toBe(500)
    expect(errors[0]?.err).toMatchObject({
      code: 'LIMBER_INVALID_REPLY',
      message: expect.stringContaining('trustProxy'),
    })
  })

  test('sessions that are off', async () => {
    const { http, errors } = await withRoutes(addRoutes)
    expect((await http.inject('/')).statusCode).toBe(500)
    expect(errors[0]?.err).toMatchObject({
      code: 'LIMBER_ABILITY_OFF',
      message: expect.stringContaining('sessions'),
    })
  })

  test.each([
    ['sessions', { sessions: true }],
    ['sessions', { cookies: true, sessions: true }],
    ['cookies.secret', { cookies: { secret: 'short' }, sessions: true }],
    ['sessions.idleTimeout', { cookies: { secret: SECRET }, sessions: { idleTimeout: 0 } }],
  ] as const)('%s, before the server listens', async (option, config) => {
    const { http } = await withRoutes(addRoutes, { http: config })
    await expect(http.inject('/')).rejects.toMatchObject({
      code: 'LIMBER_INVALID_HTTP_CONFIG',
      faults: [{ path: option }],
    })
  })
})

test('sessions in memory are marked as the memory of one process, and other stores are not', async () => {
  const marked = async (sessions: true | SessionsConfig | undefined) => {
    const config = { cookies: { secret: SECRET }, ...(sessions && { sessions }) }
    const { app } = await withRoutes(addRoutes, { http: config })
    return app.tagged('process memory').map(({ name }) => name)
  }
  expect(await marked(true)).toEqual(['sessions'])
  expect(await marked({ store: memorySessions() })).toEqual(['sessions'])
  expect(await marked({ store: new WatchedStore() })).toEqual([])
  expect(await marked(undefined)).toEqual([])
})

test('a cookie of the application stands beside that of the session', async () => {
  const { http } = await serving({}, (router) =>
    router.get('/', (context) => {
      sessionOf(context).set('user', 'ada')
      context.response.cookie('theme', 'dark')
      return cookieOf(context, 'theme') ?? 'none'
    }),
  )
  const sent = [(await http.inject('/')).headers['set-cookie']].flat().map((cookie) => cookie?.split('=')[0])
  expect(sent.sort()).toEqual(['session', 'theme'])
})

test('the memory keeps so many sessions, and forgets what was written longest ago', async () => {
  const store = memorySessions({ max: 2 })
  for (const id of ['a', 'b', 'a', 'c']) await store.set(id, id, MINUTE)
  expect(await Promise.all(['a', 'b', 'c'].map((id) => store.get(id)))).toEqual(['a', undefined, 'c'])
})
