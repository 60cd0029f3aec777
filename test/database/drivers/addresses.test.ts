import { fromUrl } from 'limber/database'
import { mysql } from 'limber/database/mysql'
import { postgres } from 'limber/database/postgres'
import { describe, expect, it } from 'vitest'

const loaded = (url: string) => fromUrl(url).load('.')

function errorOf(fn: () => unknown): unknown {
  try {
    return fn()
  } catch (error) {
    return error
  }
}

describe('the URL of a server', () => {
  it.each(['postgres', 'postgresql', 'mysql', 'mariadb'])('%s: is taken apart', async (scheme) => {
    expect(await loaded(`${scheme}://ada:s3cret@db.example:1234/app`)).toMatchObject({
      host: 'db.example',
      port: 1234,
      user: 'ada',
      password: 's3cret',
      dbName: 'app',
    })
    expect(fromUrl(`${scheme}://ada:s3cret@db.example:1234/app`).label).toMatch(
      /^(postgres|mysql):\/\/ada@db\.example:1234\/app$/,
    )
  })

  it.each(['a@b', 'a:b', 'a/b', '100%', 'a?b#c', 'zwölf 🦩', '@', '%40', "it's"])(
    'has the password %j, percent-encoded or as a field',
    async (password) => {
      const url = `postgres://ada:${encodeURIComponent(password)}@db/app`
      expect(await loaded(url)).toMatchObject({ password, host: 'db' })
      const fields = { host: 'db', user: 'ada', password, database: 'app' }
      expect(await postgres(fields).load('.')).toMatchObject({ password, host: 'db' })
      expect(await mysql(fields).load('.')).toMatchObject({ password, host: 'db' })
      expect(postgres(fields).label).toBe('postgres://ada@db/app')
    },
  )

  it.each(['p@ss', 'p:ss', 'p@:@ss', 'pässwörd'])('takes the password %j as it stands', async (password) => {
    expect(await loaded(`mysql://ada:${password}@db:3306/app`)).toMatchObject({ password, host: 'db' })
  })

  it.each(['s3/cr', 's3?cr', 's3#cr', 's3 cr', 's3%cr', 's3@x/cr', 's3@x cr@y'])(
    'refuses the password %j as it stands, and does not show it',
    (password) => {
      const error = errorOf(() => fromUrl(`postgres://ada:${password}@db/app`))
      expect(error).toMatchObject({
        code: 'LIMBER_DATABASE_ADDRESS',
        kind: 'invalid',
        hint: expect.any(String),
      })
      expect(String(error)).not.toMatch(/s3|cr/)
      expect(String(error)).toContain('postgres://ada:****@db/app')
    },
  )

  it('takes the schema, TLS and a timeout', async () => {
    const options = await loaded('postgres://db/app?schema=shop&sslmode=require&connect_timeout=2')
    expect(options).toMatchObject({ schema: 'shop', driverOptions: { ssl: { rejectUnauthorized: false } } })
    expect(await loaded('mysql://db/app?ssl-mode=VERIFY_IDENTITY&connect_timeout=2')).toMatchObject({
      driverOptions: { connectTimeout: 2_000, ssl: {} },
    })
    expect(await loaded('postgres://[::1]:5432/app')).toMatchObject({ host: '::1' })
    expect(await loaded('postgres:///app?host=/var/run/postgresql')).toMatchObject({
      host: '/var/run/postgresql',
    })
  })

  it.each([
    ['postgres://db', 'names no database'],
    ['postgres://db/', 'names no database'],
    ['postgres:db/app', 'cannot be taken apart'],
    ['postgres://db:0/app', 'its port is 0'],
    ['postgres://db:70000/app', 'its port is 70000'],
    ['postgres://db:http/app', 'cannot be taken apart'],
    ['mysql://db/app?sslmod=require', 'unknown parameter "sslmod"'],
    ['mysql://db/app?sslmode=maybe', 'its sslmode is "maybe"'],
    ['mysql://db/app?connect_timeout=soon', 'its connect_timeout is "soon"'],
  ])('%s is refused', (url, reason) => {
    expect(errorOf(() => fromUrl(url))).toMatchObject({
      code: 'LIMBER_DATABASE_ADDRESS',
      message: expect.stringContaining(reason),
    })
  })

  it('with a mistyped scheme says what was meant', () => {
    expect(errorOf(() => fromUrl('postgre://db/app'))).toMatchObject({ hint: 'Did you mean "postgres:"?' })
    expect(errorOf(() => fromUrl('mariabd://db/app'))).toMatchObject({ hint: 'Did you mean "mariadb:"?' })
  })
})

it('a replica takes what it does not say from the primary', async () => {
  const replicas = [{ host: 'reader' }, { url: 'postgres://bea:x@other:1/copy' }]
  const main = postgres({ host: 'db', port: 5432, user: 'ada', database: 'app', replicas })
  expect(main.replicas).toEqual(['postgres://ada@reader:5432/app', 'postgres://bea@other:1/copy'])
  expect(await main.load('.')).toMatchObject({
    preferReadReplicas: true,
    replicas: [{ host: 'reader' }, { host: 'other', port: 1, user: 'bea', password: 'x', dbName: 'copy' }],
  })
})
