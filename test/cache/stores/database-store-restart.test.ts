import { databaseStore } from 'limber/database'
import { expect, onTestFinished, test } from 'vitest'
import { MARIADB_PROGRAMS, privateMariaDb } from '../../support/private-mariadb.ts'
import { POSTGRES_PROGRAMS, privatePostgres } from '../../support/private-postgres.ts'
import { areInstalled } from '../../support/server-process.ts'
import { openStore } from './support.ts'

const KINDS = [
  { scheme: 'postgres', programs: POSTGRES_PROGRAMS, make: privatePostgres },
  { scheme: 'mysql', programs: MARIADB_PROGRAMS, make: privateMariaDb },
].filter(({ programs }) => areInstalled(...programs))

test.each(KINDS)(
  'a cache on $scheme fails while its server is away, and goes on when it is back',
  {
    timeout: 60_000,
  },
  async ({ scheme, make }) => {
    const server = await make()
    onTestFinished(() => server.remove())
    const { port, user, password, database } = server
    const url = `${scheme}://${user}:${password}@127.0.0.1:${port}/${database}`
    const { store } = await openStore(databaseStore({ url }))
    await store.set('cache:a', 'x')
    await store.increment('limit:a', 1)

    const asked = Promise.allSettled(Array.from({ length: 40 }, () => store.increment('limit:a', 1)))
    await server.process.kill()
    const unavailable = { code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' }
    const ends = await asked
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject(unavailable)
    }
    await expect(store.get(['cache:a'])).rejects.toMatchObject(unavailable)
    await expect(store.increment('limit:a', 1)).rejects.toMatchObject(unavailable)
    await expect(store.ping()).rejects.toMatchObject(unavailable)

    await server.process.start()
    await store.ping()
    expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    const counted = ends.filter(({ status }) => status === 'fulfilled').length
    // What was promised is there; what failed may have been counted as well.
    const { count } = await store.increment('limit:a', 1)
    expect(count).toBeGreaterThanOrEqual(counted + 2)
    expect(count).toBeLessThanOrEqual(ends.length + 2)
  },
)
