import { request as httpRequest } from 'node:http'
import { anyOf, anyone, apiKey, basic, bearer, session } from 'limber/auth'
import type { Router } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { memberOf, userOf } from './support/members.ts'
import { basicOf, jsonOf, keyFor, type Served, served, tokenFor } from './support/served.ts'

const whoami = (guards: Parameters<Router['get']>[2]) => (router: Router) =>
  void router.get('/me', ({ request }) => ({ id: request.user ? memberOf(request.user).id : null }), guards)

async function answer(reply: Response) {
  const body = await jsonOf(reply)
  return {
    status: reply.status,
    challenge: reply.headers.get('www-authenticate'),
    code: body.code,
    id: body.id,
  }
}

describe('basic', () => {
  const guarded = () => served(whoami({ guards: [basic({ realm: 'the "reports"' })] }))

  test('lets pass who sends the password, and asks everybody else as RFC 7617 says', async () => {
    const { get, ada } = await guarded()
    expect(await answer(await get('/me', basicOf(ada.login, ada.password)))).toMatchObject({
      status: 200,
      id: 1,
    })
    const challenge = 'Basic realm="the \\"reports\\"", charset="UTF-8"'
    expect(await answer(await get('/me'))).toEqual({ status: 401, challenge, code: 'LIMBER_UNAUTHENTICATED' })
    const wrong = await get('/me', basicOf(ada.login, 'wrong'))
    expect(wrong.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer(wrong)).toEqual({ status: 401, challenge, code: 'LIMBER_INVALID_CREDENTIALS' })
  })

  test('takes a password with colons and letters of any language', async () => {
    const { get, users } = await guarded()
    await users.add(2, 'grace', 'größe:ключ:鍵')
    expect(await answer(await get('/me', basicOf('grace', 'größe:ключ:鍵')))).toMatchObject({
      status: 200,
      id: 2,
    })
  })

  test('says the same of a login that there is not and of a wrong password', async () => {
    const { get, ada } = await guarded()
    const bodyOf = async (login: string) => {
      const { requestId, ...body } = await jsonOf(await get('/me', basicOf(login, 'wrong')))
      return { ...body, hasId: typeof requestId }
    }
    expect(await bodyOf('nobody')).toEqual(await bodyOf(ada.login))
  })

  test.each([
    ['no base64', 'Basic ****'],
    ['nothing', 'Basic '],
    ['no colon', `Basic ${Buffer.from('ada').toString('base64')}`],
    ['no login', `Basic ${Buffer.from(':secret').toString('base64')}`],
    ['a NUL', `Basic ${Buffer.from('ada\0:secret').toString('base64')}`],
    ['a line break', `Basic ${Buffer.from('ada:sec\r\nret').toString('base64')}`],
    ['another charset', `Basic ${Buffer.from('ada:gr\xf6\xdfe', 'latin1').toString('base64')}`],
    ['two credentials', 'Basic YTpi, Basic YTpi'],
    ['a very long login', `Basic ${Buffer.from(`${'a'.repeat(5_000)}:b`).toString('base64')}`],
    [
      'a very long password',
      `Basic ${Buffer.from(`ada@library.example:${'a'.repeat(9_000)}`).toString('base64')}`,
    ],
    ['wildcards', `Basic ${Buffer.from('%:%').toString('base64')}`],
  ])('answers %s with 401', async (_, authorization) => {
    const { get } = await guarded()
    expect((await get('/me', { authorization })).status).toBe(401)
  })

  test('asks no database for a login that no user can have', async () => {
    const { get, users } = await guarded()
    await get('/me', basicOf('a'.repeat(5_000), 'b'))
    expect(users.asked).toEqual([])
  })
})

describe('an API key', () => {
  const guarded = (abilities?: string[]) =>
    served(whoami({ guards: [apiKey(abilities ? { abilities } : {})] }))
  const challenge = 'ApiKey realm="library", header="x-api-key"'

  test('lets its user pass, and is kept as a digest only', async () => {
    const world = await guarded()
    const key = await keyFor(world, 1)
    expect(key).toMatch(/^lk_[a-z\d]{16}_[A-Za-z\d]{43}$/)
    expect(await answer(await world.get('/me', { 'x-api-key': key }))).toMatchObject({ status: 200, id: 1 })
    expect(JSON.stringify(world.keys.rows)).not.toContain(key.slice(20))
    expect(await answer(await world.get('/me'))).toEqual({
      status: 401,
      challenge,
      code: 'LIMBER_UNAUTHENTICATED',
    })
  })

  test('is over when its time is', async () => {
    const world = await guarded()
    const key = await keyFor(world, 1, { expiresAt: new Date(world.clock.time + 1_000) })
    world.clock.time += 999
    expect((await world.get('/me', { 'x-api-key': key })).status).toBe(200)
    world.clock.time += 1
    expect(await answer(await world.get('/me', { 'x-api-key': key }))).toMatchObject({
      status: 401,
      challenge,
    })
  })

  test('is good for its abilities, and a 403 names the one that it lacks', async () => {
    const world = await guarded(['books:read', 'books:write'])
    const keys = [
      await keyFor(world, 1, { abilities: ['books:read'] }),
      await keyFor(world, 1, { abilities: ['*'] }),
    ]
    const reply = await world.get('/me', { 'x-api-key': keys[0] ?? '' })
    expect(reply.status).toBe(403)
    expect(reply.headers.get('www-authenticate')).toBe(
      `${challenge}, error="insufficient_scope", scope="books:read books:write"`,
    )
    const body = await jsonOf(reply)
    expect(body).toMatchObject({
      code: 'LIMBER_MISSING_ABILITY',
      detail: expect.stringContaining('"books:write"'),
    })
    expect(body.detail).not.toContain('books:read')
    expect((await world.get('/me', { 'x-api-key': keys[1] ?? '' })).status).toBe(200)
  })

  test.each([
    ['a wildcard', () => '%'],
    ['a prefix of wildcards', (key: string) => key.replace(/^lk_.{16}/, `lk_${'_'.repeat(16)}`)],
    ['a prefix that ends in one', (key: string) => key.replace(/^(lk_.{15})./, '$1%')],
    ['stars', () => `lk_${'*'.repeat(16)}_${'*'.repeat(43)}`],
    ['capitals in the prefix', (key: string) => key.slice(0, 19).toUpperCase() + key.slice(19)],
    ['two keys', (key: string) => `${key}, ${key}`],
    ['a letter too many', (key: string) => `${key}a`],
    ['a letter too few', (key: string) => key.slice(0, -1)],
    ['an empty text', () => ''],
    ['SQL', () => `lk_' or '1'='1`],
    ['a very long one', (key: string) => key + 'a'.repeat(9_000)],
    ['other letters', (key: string) => key.replace(/.$/, '\xe9')],
  ])('with %s is refused before any store is asked', async (_, change) => {
    const world = await guarded()
    const key = await keyFor(world, 1)
    expect((await world.get('/me', { 'x-api-key': change(key) })).status).toBe(401)
    expect(world.keys.asked).toEqual([])
  })

  test('with the prefix of somebody else and the secret of its own opens nothing', async () => {
    const world = await guarded()
    await world.users.add(2, 'eve', 'secret')
    const [ada, eve] = [await keyFor(world, 1), await keyFor(world, 2)]
    const mixed = ada.slice(0, 20) + eve.slice(20)
    expect((await world.get('/me', { 'x-api-key': mixed })).status).toBe(401)
    expect(world.keys.asked).toEqual([ada.slice(3, 19)])
  })

  test('sent twice, or with a NUL, is no way in', async () => {
    const world = await guarded()
    const key = await keyFor(world, 1)
    expect(await statusOfRaw(world, { 'x-api-key': [key, key] })).toBe(401)
    expect(() => new Headers({ 'x-api-key': `${key}\0` })).toThrow()
  })

  test('and every other credential is refused where authorization is sent twice, whichever is good', async () => {
    const world = await served((router) =>
      router.get('/me', () => 'in', { guards: [anyOf(basic(), bearer())] }),
    )
    const good = `Bearer ${await tokenFor(world, 1)}`
    expect(await statusOfRaw(world, { authorization: good })).toBe(200)
    for (const authorization of [
      [good, 'Bearer bad'],
      ['Bearer bad', good],
      [good, good],
    ]) {
      expect(await statusOfRaw(world, { authorization })).toBe(401)
    }
  })

  test('is issued with a name, abilities that are some, and an end to come', async () => {
    const world = await guarded()
    const { app, users } = world
    await app.scope(async () => {
      const user = userOf(memberOf(await users.findById(1)))
      const issue = (facts: object) => app.make('auth').issueApiKey({ user, name: 'a', ...facts })
      await expect(issue({ name: ' ' })).rejects.toMatchObject({ code: 'LIMBER_API_KEY_NOT_ISSUED' })
      await expect(issue({ abilities: ['a b'] })).rejects.toThrow('"a b" is no ability')
      await expect(issue({ expiresAt: new Date(world.clock.time) })).rejects.toThrow('not in the future')
      await expect(issue({ expiresAt: new Date(Number.NaN) })).rejects.toThrow('not in the future')
    })
  })

  test('may come in another header', async () => {
    const world = await served(whoami({ guards: [apiKey({ header: 'Token' })] }))
    const key = await keyFor(world, 1)
    expect((await world.get('/me', { token: key })).status).toBe(200)
    expect((await world.get('/me', { 'x-api-key': key })).status).toBe(401)
  })
})

describe('any of several guards', () => {
  const guarded = (...more: Parameters<typeof anyOf>) =>
    served(whoami({ guards: [anyOf(...more)] }), {
      http: { cookies: { secret: 's'.repeat(32) }, sessions: {} },
    })

  test('lists every way in, when a request shows nothing', async () => {
    const { get } = await guarded(basic(), apiKey(), bearer(), session())
    expect(await answer(await get('/me'))).toEqual({
      status: 401,
      code: 'LIMBER_UNAUTHENTICATED',
      challenge: [
        'Basic realm="library", charset="UTF-8"',
        'ApiKey realm="library", header="x-api-key"',
        'Bearer realm="library"',
        'Session realm="library"',
      ].join(', '),
    })
  })

  test('is the first one whose credentials there are, also when only those of another are good', async () => {
    const world = await guarded(apiKey(), bearer())
    const [key, token] = [await keyFor(world, 1), await tokenFor(world, 1)]
    const authorization = `Bearer ${token}`
    expect((await world.get('/me', { 'x-api-key': key })).status).toBe(200)
    expect((await world.get('/me', { authorization })).status).toBe(200)
    expect((await world.get('/me', { 'x-api-key': 'bad', authorization })).status).toBe(401)
    expect((await world.get('/me', { 'x-api-key': key, authorization: 'Bearer bad' })).status).toBe(200)
  })

  test('may let everybody pass who shows nothing, but nobody who shows something bad', async () => {
    const world = await guarded(bearer(), anyone())
    expect(await answer(await world.get('/me'))).toMatchObject({ status: 200, id: null })
    expect((await world.get('/me', { authorization: 'Bearer bad' })).status).toBe(401)
  })
})

test('a guard without its part of the configuration is a fault of the program', async () => {
  const guards = [bearer(), apiKey(), session()]
  const { get } = await served(
    (router) => {
      for (const guard of guards) router.get(`/${guard.name}`, () => 'in', { guards: [guard] })
    },
    { auth: { jwt: undefined, apiKeys: undefined } as never },
  )
  for (const { name } of guards) {
    const reply = await get(`/${name}`, { authorization: 'Bearer a', 'x-api-key': 'a' })
    expect([reply.status, (await jsonOf(reply)).code]).toEqual([500, 'LIMBER_AUTH_OFF'])
  }
})

test('the document of OpenAPI has every scheme, and each way of a choice', async () => {
  const { get } = await served(
    (router) => {
      router.get('/me', () => 'in', { guards: [anyOf(apiKey(), bearer())] })
      router.get('/reports', () => 'in', { guards: [basic()] })
      router.get('/', () => 'in', { guards: [anyOf(session(), anyone())] })
    },
    { http: { openapi: {} } },
  )
  const refused = { '401': expect.anything(), '403': expect.anything() }
  expect(await jsonOf(await get('/openapi.json'))).toMatchObject({
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        basic: { type: 'http', scheme: 'basic' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
    paths: {
      '/me': { get: { security: [{ apiKey: [] }, { bearer: [] }], responses: refused } },
      '/reports': {
        get: { security: [{ basic: [] }], responses: { ...refused, '429': expect.anything() } },
      },
      '/': { get: { security: [{ session: [] }, {}] } },
    },
  })
})

function statusOfRaw(
  { url }: Served,
  headers: Record<string, string | string[]>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/me`, { headers }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    request.on('error', reject)
    request.end()
  })
}
