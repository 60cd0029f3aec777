import { type CookiesConfig, cookieOf, type Router } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { Recorder, withRoutes } from '../serve-routes.ts'

const OLD = 'old-'.padEnd(32, 'x')
const NEW = 'new-'.padEnd(32, 'y')

const addRoutes = (router: Router) => {
  router.get('/set', ({ response }) => {
    response.cookie('theme', 'dark; blue')
  })
  router.get('/read', (context) => ({
    theme: cookieOf(context, 'theme') ?? null,
    role: cookieOf(context, 'role') ?? null,
    plain: cookieOf(context, 'theme', { signed: false }) ?? null,
  }))
  router.get('/clear', ({ response }) => {
    response.clearCookie('theme', { path: '/shop' })
  })
}

async function serving(cookies: true | CookiesConfig, trustProxy = false) {
  const { http } = await withRoutes(addRoutes, { http: { cookies, trustProxy } })
  return {
    set: async (headers: Record<string, string> = {}) => {
      const reply = await http.inject({ url: '/set', headers })
      return {
        sent: String(reply.headers['set-cookie']),
        cookie: String(reply.headers['set-cookie']).split(';')[0] ?? '',
      }
    },
    read: async (cookie: string) => (await http.inject({ url: '/read', headers: { cookie } })).json(),
    clear: async () => String((await http.inject('/clear')).headers['set-cookie']),
  }
}

describe('a cookie', () => {
  test('is kept from scripts, from other sites, and to this host', async () => {
    const { set, read } = await serving(true)
    const { sent, cookie } = await set()
    expect(sent).toBe('theme=dark%3B%20blue; Path=/; HttpOnly; SameSite=Lax')
    expect(await read(cookie)).toMatchObject({ theme: 'dark; blue' })
  })

  test('is secure when the client came over HTTPS, also to a proxy that is trusted', async () => {
    const https = { 'x-forwarded-proto': 'https' }
    expect((await (await serving(true, true)).set(https)).sent).toContain('; Secure')
    expect((await (await serving(true, false)).set(https)).sent).not.toContain('Secure')
  })

  test('has the defaults of the configuration', async () => {
    const { set } = await serving({
      path: '/shop',
      sameSite: 'strict',
      secure: true,
      maxAge: 60,
      httpOnly: false,
    })
    expect((await set()).sent).toBe('theme=dark%3B%20blue; Max-Age=60; Path=/shop; Secure; SameSite=Strict')
  })

  test('is taken away where it was set', async () => {
    const { clear } = await serving({ secret: NEW })
    expect(await clear()).toMatch(/^theme=; Max-Age=0; Path=\/shop; Expires=Thu, 01 Jan 1970/)
  })
})

describe('a signed cookie', () => {
  test('is read as it was set', async () => {
    const { set, read } = await serving({ secret: NEW })
    expect(await read((await set()).cookie)).toMatchObject({ theme: 'dark; blue' })
  })

  test('is not read when somebody changed it, or gave its value to another one', async () => {
    const { set, read } = await serving({ secret: NEW })
    const { cookie } = await set()
    expect(await read(cookie.replace('dark', 'pink'))).toMatchObject({ theme: null })
    expect(await read(cookie.replace('theme=', 'role='))).toMatchObject({ role: null })
    expect(await read('theme=dark')).toMatchObject({ theme: null, plain: 'dark' })
    expect(await read('theme=')).toMatchObject({ theme: null })
  })

  test('is read while its secret is in the list', async () => {
    const { cookie } = await (await serving({ secret: OLD })).set()
    expect(await (await serving({ secret: [NEW, OLD] })).read(cookie)).toMatchObject({ theme: 'dark; blue' })
    expect(await (await serving({ secret: [NEW] })).read(cookie)).toMatchObject({ theme: null })
  })
})

describe('a request that fails', () => {
  test('sets no cookie, whether the handler or the commit failed', async () => {
    const recorder = new Recorder()
    recorder.failing = 'commit'
    const { http, app } = await withRoutes(
      (router) => {
        router.get('/handler', ({ response }) => {
          response.cookie('theme', 'dark')
          throw new Error('no')
        })
        router.get('/commit', ({ response }) => {
          recorder.join(app.currentScope())
          response.cookie('theme', 'dark')
        })
      },
      { http: { cookies: true } },
    )
    for (const url of ['/handler', '/commit']) {
      const reply = await http.inject(url)
      expect(reply.statusCode).toBe(500)
      expect(reply.headers['set-cookie']).toBeUndefined()
    }
  })
})

describe('a cookie that would not arrive is an error in the handler that sets it', () => {
  test.each([
    ['a name with a space', 'my theme', 'dark', {}],
    ['more than browsers keep', 'theme', 'x'.repeat(4096), {}],
    ['for other sites, without HTTPS', 'theme', 'dark', { sameSite: 'none', secure: false }],
    ['a prefix for HTTPS, without it', '__Secure-theme', 'dark', { secure: false }],
    ['a prefix for one host, with a domain', '__Host-theme', 'dark', { domain: 'example.com' }],
    ['a prefix for every path, with one', '__Host-theme', 'dark', { path: '/admin' }],
    ['signed without a secret', 'theme', 'dark', { signed: true }],
  ] as const)('%s', async (_what, name, value, options) => {
    const add = (router: Router) =>
      router.get('/', ({ response }) => void response.cookie(name, value, options))
    const { http, errors } = await withRoutes(add, { http: { cookies: true } })
    expect((await http.inject('/')).statusCode).toBe(500)
    expect(errors[0]?.err?.code).toBe('LIMBER_INVALID_REPLY')
  })

  test('reading a signed one without a secret', async () => {
    const { http, errors } = await withRoutes(
      (router) => router.get('/', (context) => cookieOf(context, 'theme', { signed: true })),
      { http: { cookies: true } },
    )
    expect((await http.inject({ url: '/', headers: { cookie: 'theme=dark' } })).statusCode).toBe(500)
    expect(errors[0]?.err?.code).toBe('LIMBER_ABILITY_OFF')
  })

  test('when cookies are off', async () => {
    const { http, errors } = await withRoutes(addRoutes)
    for (const url of ['/set', '/read', '/clear']) await http.inject(url)
    expect(errors.map(({ err }) => err?.code)).toEqual(Array(3).fill('LIMBER_ABILITY_OFF'))
  })
})

describe('what would be unsafe is refused before the server listens', () => {
  test.each([
    ['cookies.secret', { secret: 'short-and-secret' }],
    ['cookies.secret', { secret: [NEW, ''] }],
    ['cookies.secret', { secret: [] }],
    ['cookies.sameSite', { sameSite: 'none', secure: false }],
    ['cookies.signed', { signed: true }],
  ] as const)('%s: %o', async (option, cookies) => {
    const error = await serving(cookies)
      .then(({ set }) => set())
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LIMBER_INVALID_HTTP_CONFIG', faults: [{ path: option }] })
    expect(String(error)).not.toContain('short-and-secret')
  })
})
