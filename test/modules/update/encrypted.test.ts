/** On servers with TLS and passwords, the programs that copy databases log in as the driver does, and tell nobody how. */
import { chmodSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Driver } from 'limber/database'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { serverOf } from '../../database/support/servers.ts'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { MARIADB_PROGRAMS, privateMariaDb } from '../../support/private-mariadb.ts'
import { POSTGRES_PROGRAMS, privatePostgres } from '../../support/private-postgres.ts'
import type { PrivateServer } from '../../support/private-server.ts'
import { areInstalled, findProgram } from '../../support/server-process.ts'
import { ModuleUpdate } from '../internals.ts'
import { execute } from '../support/grounds.ts'
import { applicationWith, shopFolder } from '../support/shop.ts'
import { testHost } from '../support/test-host.ts'

const KINDS = [
  {
    title: 'PostgreSQL',
    start: privatePostgres,
    needs: POSTGRES_PROGRAMS,
    programs: ['pg_dump', 'pg_restore'],
  },
  { title: 'MariaDB', start: privateMariaDb, needs: MARIADB_PROGRAMS, programs: ['mariadb-dump', 'mariadb'] },
] as const

describe.each(KINDS)('an update on $title with TLS', { timeout: 60_000 }, ({ start, needs, programs }) => {
  const isReady = areInstalled('openssl', ...needs, ...programs)
  let [certificates, server]: [Certificates?, PrivateServer?] = []

  beforeAll(async () => {
    if (!isReady) return
    certificates = await makeCertificates()
    server = await start(certificates)
  })

  afterAll(async () => {
    await server?.remove()
    certificates?.remove()
  })

  const driverWith = async (tls: { readonly ca: string }) => {
    if (!server) throw new Error('There is no server.')
    const on = serverOf(server)
    const place = server.title === 'MariaDB' ? { database: 'shop' } : { schema: 'shop' }
    const driver = on.driver({ tls, ...place })
    await execute(on.driver({ tls }), ['drop schema if exists shop', 'create schema shop'])
    return driver
  }

  const updateOn = async (driver: Driver) => {
    const shop = applicationWith({ shop: {} })
    const migrate = async () => {
      await execute(driver, ['delete from customer'])
      throw new Error('the migration fails')
    }
    const host = testHost(shop.root, { driver, migrate })
    return new ModuleUpdate(host)
      .run({ module: { name: 'shop', folder: shop.folder }, source: shopFolder({ version: '1.3.0' }) })
      .catch((error: unknown) => error)
  }

  it.runIf(isReady)(
    'that fails puts the database back, and no list of processes shows the password',
    async () => {
      const driver = await driverWith({ ca: certificates?.ca ?? '' })
      await execute(driver, [
        'create table customer (id integer primary key)',
        'insert into customer values (1), (2)',
      ])
      const told = recorded(programs)
      expect(await updateOn(driver)).toMatchObject({ code: 'LIMBER_MODULE_UPDATE_FAILED' })
      expect(await execute(driver, ['select id from customer order by id'])).toEqual([[{ id: 1 }, { id: 2 }]])
      for (const program of programs) expect(told()).toContain(program)
      expect(told()).not.toContain(server?.password)
    },
  )
})

/** Puts programs of the same names in front, which note what they were called with. */
function recorded(programs: readonly string[]): () => string {
  const folder = emptyFolder()
  const log = path.join(folder, 'log')
  for (const program of programs) {
    const script = `#!/bin/sh\necho ${program} "$@" >> '${log}'\nexec '${findProgram(program)}' "$@"\n`
    write(folder, { [program]: script })
    chmodSync(path.join(folder, program), 0o755)
  }
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  return () => readFileSync(log, 'utf8')
}
