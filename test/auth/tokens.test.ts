import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearer, type JwtConfig } from 'limber/auth'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memberOf, userOf } from './support/members.ts'
import { JWT, jsonOf, SECRET, START, served, tokenFor } from './support/served.ts'

const NOW = START / 1_000
const CLAIMS = { iss: JWT.issuer, aud: JWT.audience, sub: '1', iat: NOW, exp: NOW + 60 }
const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const pemOf = (key: KeyObject) =>
  key.export({ format: 'pem', type: key.type === 'public' ? 'spki' : 'pkcs8' }).toString()

const guarded = (jwt: Partial<JwtConfig> = {}) =>
  served((router) => void router.get('/me', () => 'in', { guards: [bearer()] }), {
    auth: { jwt: { ...JWT, ...jwt } },
  })

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token by hand, as an attacker writes it. */
function forge(header: object, claims: unknown, key: string | KeyObject = SECRET, digest = 'sha256') {
  const input = `${encode({ typ: 'JWT', ...header })}.${encode(claims)}`
  const signature =
    typeof key === 'string'
      ? createHmac(digest, key).update(input).digest('base64url')
      : sign(digest, Buffer.from(input), key).toString('base64url')
  return `${input}.${signature}`
}

const good = { alg: 'HS256', kid: 'one' }

describe('a token', () => {
  test('that was issued lets its user pass until it is over', async () => {
    const world = await guarded({ expiresIn: 10_000 })
    const authorization = `Bearer ${await tokenFor(world, 1)}`
    expect((await world.get('/me', { authorization })).status).toBe(200)
    world.clock.time += 9_999
    expect((await world.get('/me', { authorization })).status).toBe(200)
    world.clock.time += 1
    const reply = await world.get('/me', { authorization })
    expect(reply.headers.get('www-authenticate')).toBe(
      'Bearer realm="library", error="invalid_token", error_description="The token has expired."',
    )
    expect(await jsonOf(reply)).toMatchObject({ status: 401, code: 'LIMBER_INVALID_TOKEN' })
  })

  test('that is not sent is asked for without an error, as RFC 6750 has it', async () => {
    const { get } = await guarded()
    expect((await get('/me')).headers.get('www-authenticate')).toBe('Bearer realm="library"')
    const others = await get('/me', { authorization: 'Basic YTpi' })
    expect(others.headers.get('www-authenticate')).toBe('Bearer realm="library"')
  })

  test('of a user who is gone opens nothing', async () => {
    const world = await guarded()
    const authorization = `Bearer ${await tokenFor(world, 1)}`
    world.users.rows.delete(1)
    expect((await world.get('/me', { authorization })).status).toBe(401)
  })

  test('written by hand passes when everything is right: what the next tests change is what counts', async () => {
    const { get } = await guarded()
    expect((await get('/me', { authorization: `Bearer ${forge(good, CLAIMS)}` })).status).toBe(200)
    expect((await get('/me', { authorization: `bearer  ${forge(good, CLAIMS)}` })).status).toBe(200)
  })

  const hostile: Record<string, () => string> = {
    'the algorithm none': () => `${encode({ ...good, alg: 'none' })}.${encode(CLAIMS)}.`,
    'the algorithm nOnE and a signature': () => forge({ ...good, alg: 'nOnE' }, CLAIMS),
    'another algorithm of the same secret': () => forge({ ...good, alg: 'HS512' }, CLAIMS, SECRET, 'sha512'),
    'the algorithm of a pair': () => forge({ ...good, alg: 'RS256' }, CLAIMS, other.privateKey),
    'no algorithm': () => forge({ kid: 'one' }, CLAIMS),
    'another secret': () => forge(good, CLAIMS, 'x'.repeat(40)),
    'an empty secret': () => forge(good, CLAIMS, ''),
    'a key of its own in the header': () =>
      forge(
        { alg: 'RS256', kid: 'one', jwk: other.publicKey.export({ format: 'jwk' }) },
        CLAIMS,
        other.privateKey,
      ),
    'a URL of keys in the header': () => forge({ ...good, jku: 'http://127.0.0.1:1/', kid: 'x' }, CLAIMS),
    'a critical extension': () => forge({ ...good, crit: ['exp'], exp: 1 }, CLAIMS),
    'an unknown kid': () => forge({ ...good, kid: 'two' }, CLAIMS),
    'a kid that is a path': () => forge({ ...good, kid: '../../../../dev/null' }, CLAIMS, ''),
    'a kid that is SQL': () => forge({ ...good, kid: "x' union select 'k' -- " }, CLAIMS, 'k'),
    'a kid of the prototype': () => forge({ ...good, kid: '__proto__' }, CLAIMS),
    'a kid that is no text': () => forge({ ...good, kid: ['one'] }, CLAIMS),
    'no end': () => forge(good, { ...CLAIMS, exp: undefined }),
    'an end that is over': () => forge(good, { ...CLAIMS, exp: NOW }),
    'an end that is no number': () => forge(good, { ...CLAIMS, exp: '9999999999' }),
    'a beginning to come': () => forge(good, { ...CLAIMS, nbf: NOW + 1 }),
    'another issuer': () => forge(good, { ...CLAIMS, iss: 'https://eve.example' }),
    'no issuer': () => forge(good, { ...CLAIMS, iss: undefined }),
    'another audience': () => forge(good, { ...CLAIMS, aud: 'shop' }),
    'no audience': () => forge(good, { ...CLAIMS, aud: undefined }),
    'nobody in it': () => forge(good, { ...CLAIMS, sub: undefined }),
    'an empty subject': () => forge(good, { ...CLAIMS, sub: '' }),
    'a subject that is a number': () => forge(good, { ...CLAIMS, sub: 1 }),
    'a subject that is an object': () => forge(good, { ...CLAIMS, sub: { $ne: null } }),
    'claims that are a list': () => forge(good, []),
    'claims that are no JSON': () => forge(good, '{"iss":'),
    'a header that is null': () => `${encode('null')}.${encode(CLAIMS)}.AAAA`,
    'a header that is no JSON': () => `${encode('{')}.${encode(CLAIMS)}.AAAA`,
    'four parts': () => `${forge(good, CLAIMS)}.AAAA`,
    'five parts': () => 'a.b.c.d.e',
    'two tokens': () => `${forge(good, CLAIMS)}, ${forge(good, CLAIMS)}`,
    'nothing in it': () => '',
    'more than fits': () => forge(good, { ...CLAIMS, more: 'a'.repeat(7_000) }),
    garbage: () => '\xff\xfe',
  }
  test.each(Object.entries(hostile))('with %s is a 401 that says invalid_token', async (_, make) => {
    const { get } = await guarded()
    const reply = await get('/me', { authorization: `Bearer ${make()}` })
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer realm="library", error="invalid_token", error_description="[^"\\]+"$/),
    ])
  })

  test('changed in any of its parts is refused', async () => {
    const { get } = await guarded()
    const token = forge(good, CLAIMS)
    for (let index = 0; index < token.length; index += 7) {
      const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`
      expect((await get('/me', { authorization: `Bearer ${changed}` })).status, `at ${index}`).toBe(401)
    }
  })
})

describe('keys', () => {
  test('of a pair sign and check, and the public one is no secret of anybody', async () => {
    const key = { kid: 'one', algorithm: 'RS256', privateKey: pemOf(pair.privateKey) } as const
    const world = await guarded({ keys: [key] })
    const authorization = `Bearer ${await tokenFor(world, 1)}`
    expect((await world.get('/me', { authorization })).status).toBe(200)
    const publicPem = pemOf(createPublicKey(pair.privateKey))
    for (const secret of [publicPem, publicPem.trim()]) {
      const forged = forge(good, CLAIMS, secret)
      expect((await world.get('/me', { authorization: `Bearer ${forged}` })).status).toBe(401)
    }
  })

  test.each([
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['PS256', pair],
  ] as const)('of %s work as PEM and as JWK', async (algorithm, { privateKey }) => {
    const jwk = privateKey.export({ format: 'jwk' }) as Record<string, unknown>
    for (const key of [
      { kid: 'one', algorithm, privateKey: pemOf(privateKey) },
      { kid: 'one', algorithm, jwk },
    ]) {
      const world = await guarded({ keys: [key] })
      const authorization = `Bearer ${await tokenFor(world, 1)}`
      expect((await world.get('/me', { authorization })).status).toBe(200)
    }
  })

  test('are rotated: the first one signs, and all of them check', async () => {
    const old = JWT.keys[0]
    const next = { kid: 'two', algorithm: 'HS256', secret: 'n'.repeat(32) } as const
    const before = await tokenFor(await guarded(), 1)
    const world = await guarded({ keys: [next, old] })
    const after = await tokenFor(world, 1)
    for (const token of [before, after]) {
      expect((await world.get('/me', { authorization: `Bearer ${token}` })).status).toBe(200)
    }
    const last = await guarded({ keys: [next] })
    expect((await last.get('/me', { authorization: `Bearer ${before}` })).status).toBe(401)
    expect((await last.get('/me', { authorization: `Bearer ${after}` })).status).toBe(200)
  })

  test('are not tried out for a token that names none, unless there is no choice', async () => {
    const authorization = `Bearer ${forge({ alg: 'HS256' }, CLAIMS)}`
    expect((await (await guarded()).get('/me', { authorization })).status).toBe(200)
    const next = { kid: 'two', algorithm: 'HS256', secret: 'n'.repeat(32) } as const
    const world = await guarded({ keys: [JWT.keys[0], next] })
    expect((await world.get('/me', { authorization })).status).toBe(401)
  })

  test('of another issuer come from its JWKS, for the algorithms that are accepted', async () => {
    const issuer = await keyServer()
    const world = await guarded({ keys: [], jwks: { url: issuer.url, algorithms: ['RS256'] } })
    const status = async (token: string) =>
      (await world.get('/me', { authorization: `Bearer ${token}` })).status
    expect(await status(forge({ alg: 'RS256', kid: 'remote' }, CLAIMS, pair.privateKey))).toBe(200)
    expect(await status(forge({ alg: 'RS256', kid: 'remote' }, CLAIMS, other.privateKey))).toBe(401)
    expect(await status(forge({ alg: 'RS256', kid: 'unknown' }, CLAIMS, pair.privateKey))).toBe(401)
    expect(await status(forge({ alg: 'RS256' }, CLAIMS, pair.privateKey))).toBe(401)
    expect(await status(forge({ alg: 'HS256', kid: 'remote' }, CLAIMS, pemOf(pair.publicKey)))).toBe(401)
    expect(issuer.asked()).toBe(1)
  })

  test('that cannot be had are no fault of the client: 503', async () => {
    const issuer = await keyServer(500)
    const world = await guarded({ keys: [], jwks: { url: issuer.url, algorithms: ['RS256'] } })
    const token = forge({ alg: 'RS256', kid: 'remote' }, CLAIMS, pair.privateKey)
    const reply = await world.get('/me', { authorization: `Bearer ${token}` })
    expect([reply.status, (await jsonOf(reply)).code]).toEqual([503, 'LIMBER_TOKEN_KEYS_UNAVAILABLE'])
  })

  test('of an issuer that are too weak, or none, are no fault of the client either', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 })
    for (const jwk of [weak.publicKey.export({ format: 'jwk' }), { kty: 'RSA', n: '!', e: 'AQAB' }]) {
      const issuer = await keyServer(200, { ...jwk, kid: 'remote' })
      const world = await guarded({ keys: [], jwks: { url: issuer.url, algorithms: ['RS256'] } })
      const token = forge({ alg: 'RS256', kid: 'remote' }, CLAIMS, weak.privateKey)
      const reply = await world.get('/me', { authorization: `Bearer ${token}` })
      expect([reply.status, (await jsonOf(reply)).code]).toEqual([503, 'LIMBER_TOKEN_KEYS_UNAVAILABLE'])
    }
  })

  test('that only check issue nothing', async () => {
    const world = await guarded({
      keys: [{ kid: 'one', algorithm: 'RS256', publicKey: pemOf(pair.publicKey) }],
    })
    await expect(tokenFor(world, 1)).rejects.toMatchObject({ code: 'LIMBER_TOKEN_NOT_ISSUED' })
  })
})

test('clocks may be apart as far as the configuration says, and a token no older than it says', async () => {
  const world = await guarded({ clockTolerance: 5_000, maxAge: 30_000 })
  const status = async (claims: object) => {
    const authorization = `Bearer ${forge(good, { ...CLAIMS, ...claims })}`
    return (await world.get('/me', { authorization })).status
  }
  expect(await status({ exp: NOW - 4 })).toBe(200)
  expect(await status({ exp: NOW - 5 })).toBe(401)
  expect(await status({ nbf: NOW + 5 })).toBe(200)
  expect(await status({ nbf: NOW + 6 })).toBe(401)
  expect(await status({ iat: NOW - 35 })).toBe(200)
  expect(await status({ iat: NOW - 36 })).toBe(401)
  expect(await status({ iat: undefined })).toBe(401)
})

test('what an application adds to a token comes back with it, and takes the place of nothing', async () => {
  const { app, url, users } = await served((router) => {
    const seen = () => app.make('auth').evidence
    router.get('/me', () => seen(), { guards: [bearer()] })
  })
  const issue = (claims: object) =>
    app.scope(async () =>
      app.make('auth').issueToken(userOf(memberOf(await users.findById(1))), { claims: { ...claims } }),
    )
  const authorization = `Bearer ${await issue({ shop: 7 })}`
  const reply = await fetch(`${url}/me`, { headers: { authorization } })
  expect(await jsonOf(reply)).toMatchObject({ guard: 'bearer', claims: { sub: '1', shop: 7 } })
  await expect(issue({ sub: '2' })).rejects.toThrow('"sub" has a meaning in every token')
  // It would be issued, and never be good.
  await expect(issue({ shop: 'a'.repeat(8_192) })).rejects.toMatchObject({ code: 'LIMBER_TOKEN_NOT_ISSUED' })
})

const REMOTE = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'remote', use: 'sig' }

async function keyServer(status = 200, jwk: object = REMOTE) {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  // It listens on a port, not on a path.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/jwks.json`, asked: () => asked }
}
