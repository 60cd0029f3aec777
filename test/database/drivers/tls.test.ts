/** TLS with a real server whose certificate comes from an authority that nobody else knows. */
import { inspect } from 'node:util'
import { printError } from 'limber'
import { type Driver, fromUrl } from 'limber/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { MARIADB_PROGRAMS, privateMariaDb } from '../../support/private-mariadb.ts'
import { POSTGRES_PROGRAMS, privatePostgres } from '../../support/private-postgres.ts'
import type { PrivateServer } from '../../support/private-server.ts'
import { areInstalled } from '../../support/server-process.ts'
import { bootLibrary } from '../support/library-application.ts'
import { isThere, MARIADB, POSTGRES, serverOf } from '../support/servers.ts'

async function connect(driver: Driver) {
  const { app } = await bootLibrary({ driver, models: [] })
  await app.ready(['db'])
  return app.make('db.connection')
}

async function refusalOf(driver: Driver): Promise<unknown> {
  const connection = await connect(driver)
  const error: unknown = await connection.ping().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
  expect(`${printError(error)} ${JSON.stringify(error)} ${inspect(error)}`).not.toContain('s3cret')
  expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
  return error
}

const CIPHER = /^TLS_|AES|CHACHA/

const KINDS = [
  {
    existing: POSTGRES,
    programs: POSTGRES_PROGRAMS,
    make: privatePostgres,
    cipher: "select coalesce(cipher, '') as cipher from pg_stat_ssl where pid = pg_backend_pid()",
  },
  {
    existing: MARIADB,
    programs: MARIADB_PROGRAMS,
    make: privateMariaDb,
    cipher:
      "select variable_value as cipher from information_schema.session_status where variable_name = 'Ssl_cipher'",
  },
]

for (const { existing, programs, make, cipher } of KINDS) {
  if (!areInstalled('openssl', ...programs)) continue

  describe(`${existing.title} with TLS`, () => {
    let server: PrivateServer
    let certificates: Certificates
    beforeAll(async () => {
      certificates = await makeCertificates()
      server = await make(certificates)
    })
    afterAll(async () => {
      await server?.remove()
      certificates?.remove()
    })

    const cipherOf = async (driver: Driver) => (await (await connect(driver)).execute(cipher))[0]?.cipher

    it('is not used unless it is asked for', async () => {
      expect(await cipherOf(serverOf(server).driver())).toBe('')
    })

    it('that is signed by nobody known is refused with a word on what to do', async () => {
      expect(await refusalOf(serverOf(server).driver({ tls: true }))).toMatchObject({
        message: expect.stringMatching(/ada@127.*certificate/s),
        hint: expect.stringMatching(/tls: \{ ca/),
      })
      const other = await makeCertificates()
      const refusal = await refusalOf(serverOf(server).driver({ tls: { ca: other.ca } }))
      expect(refusal).toMatchObject({ hint: expect.stringMatching(/tls: \{ ca/) })
      other.remove()
    })

    it('encrypts when its authority is known', async () => {
      const driver = serverOf(server).driver({ tls: { ca: certificates.ca } })
      expect(await cipherOf(driver)).toMatch(CIPHER)
    })

    it('of another host is refused, also when its authority is known', async () => {
      const { ca } = certificates
      const notForThem = [
        serverOf(server).driver({ host: 'localhost', tls: { ca } }),
        serverOf(server).driver({ tls: { ca, servername: 'elsewhere.example' } }),
        serverOf(server).driver({ tls: { ca, servername: '127.0.0.2' } }),
      ]
      for (const driver of notForThem) {
        expect(await refusalOf(driver)).toMatchObject({
          message: expect.stringMatching(/altnames/),
          hint: expect.stringMatching(/servername/),
        })
      }
      const named = serverOf(server).driver({ host: 'localhost', tls: { ca, servername: 'db.example' } })
      expect(await cipherOf(named)).toMatch(CIPHER)
    })

    it('encrypts and checks the connections to replicas as well', async () => {
      const replicas = [{ host: '127.0.0.1' }]
      const asked = async (tls: { ca?: string }) => {
        const { app } = await bootLibrary({ driver: serverOf(server).driver({ tls, replicas }), models: [] })
        await app.ready(['db'])
        return app.scope(() => app.make('db.session').execute<{ cipher: string }[]>(cipher))
      }
      expect((await asked({ ca: certificates.ca }))[0]?.cipher).toMatch(CIPHER)
      await expect(asked({})).rejects.toMatchObject({ hint: expect.stringMatching(/tls: \{ ca/) })
    })

    it('encrypts without a check where the URL says sslmode=require, and checks with verify-full', async () => {
      const { url } = serverOf(server)
      expect(await cipherOf(fromUrl(`${url}?sslmode=require`))).toMatch(CIPHER)
      await refusalOf(fromUrl(`${url}?sslmode=verify-full`))
    })
  })

  if (!(await isThere(existing))) continue

  describe(`${existing.title} without TLS`, () => {
    it('is refused where it is asked for, and says so', async () => {
      expect(await refusalOf(existing.driver({ tls: true, password: 's3cret' }))).toMatchObject({
        message: expect.stringMatching(/does not support (SSL|secure)/i),
        hint: expect.stringMatching(/tls/),
      })
    })
  })
}
