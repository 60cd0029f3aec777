import { anyOf, anyone, basic, Hash, InvalidCredentialsError, session } from 'limber/auth'
import { describe, expect, test } from 'vitest'
import { Recorder } from '../http/serve-routes.ts'
import { memberOf } from './support/members.ts'
import { basicOf, jsonOf, PASSWORD, type Served, type ServedOptions, served } from './support/served.ts'

const http = { cookies: { secret: 's'.repeat(32) }, sessions: {} }

function withLogins(options: ServedOptions = {}) {
  const recorder = new Recorder()
  return served(
    (router, app) => {
      router.post('/login', async ({ query }) => {
        recorder.join(app.currentScope())
        const { login = '', password = '' } = Object.fromEntries(new URLSearchParams(String(queryOf(query))))
        await app.make('auth').login(await app.make('auth').attempt({ login, password }))
        return { id: memberOf(app.make('auth').user).id }
      })
      router.post('/logout', () => app.make('auth').logout())
      router.get('/me', ({ request }) => ({ id: memberOf(request.user).id }), { guards: [session()] })
      router.get('/open', ({ request }) => ({ isGuest: !request.user }), {
        guards: [anyOf(session(), anyone())],
      })
      router.get('/basic', ({ request }) => ({ id: memberOf(request.user).id }), { guards: [basic()] })
    },
    { http, ...options },
  ).then((world) => ({ ...world, recorder }))
}

function queryOf(query: unknown): unknown {
  return typeof query === 'object' && query !== null ? new URLSearchParams({ ...query }) : ''
}

/** A browser of one: it keeps the cookie it is given. */
function browserOf({ url }: Served) {
  const browser = {
    cookie: '',
    send: async (method: string, path: string, other?: string): Promise<Response> => {
      const cookie = other ?? browser.cookie
      const reply = await fetch(`${url}${path}`, { method, headers: cookie ? { cookie } : {} })
      const sent = reply.headers.get('set-cookie')
      if (sent) browser.cookie = sent.split(';')[0] ?? ''
      return reply
    },
    login: (login: string, password: string) =>
      browser.send('POST', `/login?${new URLSearchParams({ login, password })}`),
    status: async (cookie?: string) => (await browser.send('GET', '/me', cookie)).status,
  }
  return browser
}

describe('a session', () => {
  test('knows the user from login to logout', async () => {
    const world = await withLogins()
    const browser = browserOf(world)
    const refused = await browser.send('GET', '/me')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Session realm="library"',
    ])
    expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(200)
    expect(await jsonOf(await browser.send('GET', '/me'))).toEqual({ id: 1 })
    const { cookie } = browser
    expect((await browser.send('POST', '/logout')).status).toBe(204)
    expect(await browser.status(cookie)).toBe(401)
  })

  test('goes on under a new id with each login, so that nobody can hand one out before', async () => {
    const world = await withLogins()
    const browser = browserOf(world)
    await browser.login(world.ada.login, PASSWORD)
    const planted = browser.cookie
    await browser.login(world.ada.login, PASSWORD)
    expect(browser.cookie).not.toBe(planted)
    const { cookie } = browser
    expect([await browser.status(planted), await browser.status(cookie)]).toEqual([401, 200])
  })

  test('ends with another password, and with the user', async () => {
    const world = await withLogins()
    const [first, second] = [browserOf(world), browserOf(world)]
    await first.login(world.ada.login, PASSWORD)
    await world.users.add(1, world.ada.login, 'another password')
    expect(await first.status()).toBe(401)
    await second.login(world.ada.login, 'another password')
    expect(await second.status()).toBe(200)
    world.users.rows.delete(1)
    expect(await second.status()).toBe(401)
  })

  test('that has ended so is that of a guest, where guests may pass', async () => {
    const world = await withLogins()
    const browser = browserOf(world)
    const isGuest = async () => (await jsonOf(await browser.send('GET', '/open'))).isGuest
    await browser.login(world.ada.login, PASSWORD)
    world.users.asked.length = 0
    expect([await isGuest(), world.users.asked]).toEqual([false, ['id 1']])
    await world.users.add(1, world.ada.login, 'another password')
    expect(await isGuest()).toBe(true)
    expect(await browser.status()).toBe(401)
  })

  test('goes on when the login has made the hash anew', async () => {
    const world = await withLogins({ auth: { hash: { memory: 128, passes: 2 } } })
    const browser = browserOf(world)
    expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(200)
    expect(world.users.rows.get(1)?.passwordHash).toContain('m=128,t=2')
    expect(await browser.status()).toBe(200)
  })

  test('is not begun by a login whose unit of work fails', async () => {
    const world = await withLogins()
    const browser = browserOf(world)
    world.recorder.failing = 'commit'
    expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(500)
    expect(await browser.status()).toBe(401)
  })
})

describe('a login', () => {
  test('that is wrong says the same as one that there is not', async () => {
    const { app } = await withLogins()
    const attempt = (login: string) =>
      app.scope(() => app.make('auth').attempt({ login, password: 'wrong' })).catch((error: unknown) => error)
    const [known, unknown] = [await attempt('ada@library.example'), await attempt('nobody')]
    expect(known).toBeInstanceOf(InvalidCredentialsError)
    expect(String(known)).toBe(String(unknown))
  })

  test('of somebody without a password fails as every other does', async () => {
    const { app, users } = await withLogins()
    await users.add(3, 'bot')
    const attempt = app.scope(() => app.make('auth').attempt({ login: 'bot', password: '' }))
    await expect(attempt).rejects.toBeInstanceOf(InvalidCredentialsError)
  })

  test.each([false, true])('that is no text is a wrong one, counted or not (%s)', async (limiter) => {
    const { app } = await withLogins({ limiter })
    for (const login of [{ $ne: null }, ['ada@library.example'], 5, null, '']) {
      // Clients send more than the types say.
      const attempt = app.scope(() =>
        app.make('auth').attempt({ login: login as string, password: PASSWORD }),
      )
      await expect(attempt).rejects.toBeInstanceOf(InvalidCredentialsError)
    }
  })

  test('makes a hash anew that costs less than it should by now', async () => {
    const { app, users } = await withLogins({ auth: { hash: { memory: 128, passes: 2 } } })
    await users.add(1, 'ada@library.example', PASSWORD, { memory: 64, passes: 1 })
    await app.scope(() => app.make('auth').attempt({ login: 'ada@library.example', password: PASSWORD }))
    const hash = users.rows.get(1)?.passwordHash ?? ''
    expect(hash).toContain('m=128,t=2')
    expect(await new Hash().check(PASSWORD, hash)).toBe(true)
  })
})

describe('logins are counted', () => {
  const limited = (login = { max: 3, window: 60_000 }) => withLogins({ auth: { login }, limiter: true })

  test('before the password is checked, also when it fails and everything is rolled back', async () => {
    const world = await limited()
    const browser = browserOf(world)
    for (let attempt = 1; attempt <= 3; attempt++) {
      expect((await browser.login(world.ada.login, 'wrong')).status).toBe(401)
    }
    expect(world.recorder.calls).toContain('rollback')
    const refused = await browser.login(world.ada.login, PASSWORD)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    world.clock.time += 60_000
    expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(200)
  })

  test('exactly: of 64 at once no more are tried than may be', async () => {
    const world = await limited()
    const tries = Array.from({ length: 64 }, (_, n) => browserOf(world).login(world.ada.login, `wrong ${n}`))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(61)
  })

  test('also of one password that is sent 64 times at once', async () => {
    const world = await limited()
    const tries = Array.from({ length: 64 }, () => browserOf(world).login(world.ada.login, 'wrong'))
    const statuses = (await Promise.all(tries)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(3)
  })

  test('and forgotten by a success, so that nobody is locked out by typing mistakes', async () => {
    const world = await limited()
    const browser = browserOf(world)
    for (let round = 1; round <= 3; round++) {
      await browser.login(world.ada.login, 'wrong')
      await browser.login(world.ada.login, 'wrong')
      expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(200)
    }
  })

  test('and 64 requests at once with the right password all pass', async () => {
    const world = await limited()
    const tries = Array.from({ length: 64 }, () => world.get('/basic', basicOf(world.ada.login, PASSWORD)))
    expect(new Set((await Promise.all(tries)).map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('also while the hash is made anew', async () => {
    const world = await withLogins({
      auth: { login: { max: 3, window: 60_000 }, hash: { memory: 128, passes: 2 } },
      limiter: true,
    })
    const tries = Array.from({ length: 64 }, () => world.get('/basic', basicOf(world.ada.login, PASSWORD)))
    expect(new Set((await Promise.all(tries)).map(({ status }) => status))).toEqual(new Set([200]))
    expect(world.users.rows.get(1)?.passwordHash).toContain('m=128,t=2')
  })

  test('by login however it is written, and by address whatever the login', async () => {
    const world = await limited()
    const browser = browserOf(world)
    for (const login of ['ada@library.example', 'ADA@library.example', ' Ada@Library.example ']) {
      expect((await browser.login(login, 'wrong')).status).toBe(401)
    }
    expect((await browser.login(world.ada.login, PASSWORD)).status).toBe(429)
    const statuses: number[] = []
    for (let n = 0; n < 32; n++) statuses.push((await browser.login(`user ${n}`, 'wrong')).status)
    expect(statuses.indexOf(429)).toBe(26)
  })

  test('by what a login is in small letters, of any alphabet', async () => {
    const { app, limiter } = await limited()
    // Each pair is one login in small letters.
    for (const [login, small] of [
      ['ADA', 'ada'],
      ['\u212aurt', 'kurt'],
      ['a\u03f9b', 'a\u03f2b'],
    ] as const) {
      limiter.counts.clear()
      for (const written of [login, small, ` ${login} `]) {
        const attempt = app.scope(() => app.make('auth').attempt({ login: written, password: 'wrong' }))
        await expect(attempt).rejects.toBeInstanceOf(InvalidCredentialsError)
      }
      expect([...limiter.counts.values()]).toEqual([expect.objectContaining({ count: 3 })])
    }
  })

  test('under keys that name nobody', async () => {
    const world = await limited()
    await browserOf(world).login(world.ada.login, 'wrong')
    expect([...world.limiter.counts.keys()].join(' ')).not.toContain('ada')
  })

  test('by default, where there is a limiter, and not with "false"', async () => {
    for (const [auth, last] of [
      [{}, 429],
      [{ login: false as const }, 401],
    ] as const) {
      const world = await withLogins({ auth, limiter: true })
      const browser = browserOf(world)
      for (let attempt = 1; attempt <= 5; attempt++) await browser.login(world.ada.login, 'wrong')
      expect((await browser.login(world.ada.login, 'wrong')).status).toBe(last)
    }
  })

  test('by login only where there is no address, so that one client of a bot locks out no other', async () => {
    const world = await limited({ max: 1, window: 60_000 })
    const attempt = (login: string, password: string) =>
      world.app.scope(() => world.app.make('auth').attempt({ login, password }))
    for (let n = 0; n < 20; n++) {
      await expect(attempt(`user ${n}`, 'wrong')).rejects.toBeInstanceOf(InvalidCredentialsError)
    }
    expect(memberOf(await attempt(world.ada.login, PASSWORD)).id).toBe(1)
    await expect(attempt('user 1', 'wrong')).rejects.toMatchObject({ kind: 'too-many' })
  })

  test('for basic authentication as well', async () => {
    const world = await limited()
    for (let attempt = 1; attempt <= 3; attempt++)
      await world.get('/basic', basicOf(world.ada.login, 'wrong'))
    expect((await world.get('/basic', basicOf(world.ada.login, PASSWORD))).status).toBe(429)
  })
})
