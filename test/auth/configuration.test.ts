import { createApplication } from 'limber'
import { type AuthConfig, AuthServiceProvider } from 'limber/auth'
import { expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { CountingLimiter, Members } from './support/members.ts'
import { JWT, served } from './support/served.ts'

async function boot(auth: unknown) {
  const app = await createApplication({
    root: appFolder({ 'config/app.js': `export default { name: 'library', providers: [] }` }),
    config: { app: { name: 'library', providers: [AuthServiceProvider] }, ...(auth ? { auth } : {}) },
  })
  onTestFinished(() => app.stop())
  const failure: unknown = await app.boot().catch((error: unknown) => error)
  return failure instanceof Error ? failure.cause : undefined
}

const users = new Members()

test('an application without config/auth.ts is told to write one', async () => {
  expect(await boot(undefined)).toMatchObject({ code: 'LIMBER_AUTH_CONFIG_MISSING' })
})

test('every fault of config/auth.ts is told at once, at boot', async () => {
  const auth = {
    users: {},
    apiKeys: 'keys',
    login: { max: 0, window: -1 },
    jwt: {
      issuer: '',
      keys: [
        { kid: 'a', algorithm: 'HS256', secret: 'not very long' },
        { kid: 'a', algorithm: 'HS512', secret: 's'.repeat(63) },
        { kid: '', algorithm: 'RS256', secret: 's'.repeat(64) },
        { kid: 'b', algorithm: 'none', secret: 's'.repeat(64) },
        { kid: 'c', algorithm: 'RS256', privateKey: '-----BEGIN PRIVATE KEY-----' },
        { kid: 'd', algorithm: 'HS256' },
        { kid: 'e', algorithm: 'HS256', secret: `-----BEGIN PUBLIC KEY-----\n${'s'.repeat(64)}` },
      ],
      jwks: { url: 'http://keys.example/', algorithms: ['HS256'] },
      expiresIn: 0,
      clockTolerance: Number.NaN,
    },
  }
  const error = await boot(auth)
  expect(error).toMatchObject({ code: 'LIMBER_INVALID_AUTH_CONFIG' })
  const faults: { path: string; message: string }[] = Reflect.get(error ?? {}, 'faults')
  expect(faults.map(({ path }) => path)).toEqual([
    'users',
    'apiKeys',
    'jwt.issuer',
    'jwt.audience',
    'jwt.keys.0',
    'jwt.keys.1.kid',
    'jwt.keys.1',
    'jwt.keys.2.kid',
    'jwt.keys.2',
    'jwt.keys.3',
    'jwt.keys.4',
    'jwt.keys.5',
    'jwt.keys.6',
    'jwt.expiresIn',
    'jwt.clockTolerance',
    'jwt.jwks.url',
    'jwt.jwks.algorithms',
    'login.max',
    'login.window',
    'login.address.max',
    'login.address.window',
    'login',
  ])
  const told = JSON.stringify(faults)
  expect(told).toContain('its secret has 13 bytes, and 32 are the least for HS256')
  expect(told).toContain('CacheServiceProvider')
  expect(told).not.toContain('not very long')
})

test.each(['http', 'https'])(
  'a password in the %s URL of keys is told without showing it',
  async (scheme) => {
    const jwks = { url: `${scheme}://ada:s3cret@keys.example/`, algorithms: ['RS256'] }
    const auth = { users: new Members(), jwt: { issuer: 'a', audience: 'b', jwks } }
    const faults: unknown = Reflect.get((await boot(auth)) ?? {}, 'faults')
    expect(faults).toEqual([expect.objectContaining({ path: 'jwt.jwks.url' })])
    expect(JSON.stringify(faults)).not.toContain('s3cret')
  },
)

test('what a hash costs is checked at boot as well', async () => {
  expect(await boot({ users, hash: { passes: 0 } })).toMatchObject({ code: 'LIMBER_INVALID_HASH_OPTION' })
})

test('logins that are to be counted need something that counts', async () => {
  const config: AuthConfig = { users, login: { max: 5, window: 1_000 } }
  expect(await boot(config)).toMatchObject({ faults: [{ path: 'login' }] })
  const { app } = await served(() => undefined, { auth: { login: { max: 5, window: 1_000 } }, limiter: true })
  expect(app.make('limiter')).toBeInstanceOf(CountingLimiter)
})

test('the users of a configuration are enough', async () => {
  expect(await boot({ users })).toBeUndefined()
  expect(await boot({ users, jwt: JWT })).toBeUndefined()
})
