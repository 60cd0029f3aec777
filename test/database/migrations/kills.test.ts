import { describe, expect, it } from 'vitest'
import { POSTGRES } from '../support/servers.ts'
import { originalOf } from './support/copies.ts'
import { killAt, statementsOf } from './support/kill.ts'
import { fiveMigrations, LIBRARY, ROWS } from './support/killed-library.ts'
import { MigratingApp } from './support/migrating-app.ts'
import { type DatabaseKind, type OwnDatabase, SQLITE, serverKinds } from './support/own-databases.ts'
import { howMany, pointsOf } from './support/points.ts'
import { appliedNames, type Dump, dump } from './support/schema-dump.ts'

const MIGRATE = ['db', 'migrate']

/** An application with a filled library, and five migrations to go. */
async function filledLibrary(kind: DatabaseKind) {
  const original = await originalOf(kind)
  const app = new MigratingApp({ url: original.url, migrations: LIBRARY })
  await app.succeed(MIGRATE)
  const pending = fiveMigrations(kind.dialect)
  app.write(
    Object.fromEntries(
      Object.entries(pending).map(([name, text]) => [`database/migrations/${name}.ts`, text]),
    ),
  )
  return { app, original, pending: Object.keys(pending) }
}

/** What the database holds after none of them, after one, after two… */
async function statesOf(app: MigratingApp, database: OwnDatabase, steps: number): Promise<Dump[]> {
  const states = [await contents(database)]
  while (states.length <= steps) {
    await app.succeed([...MIGRATE, '--step', '1'], { env: { DATABASE_URL: database.url } })
    states.push(await contents(database))
  }
  return states
}

const contents = (database: OwnDatabase) => dump(database, { ledger: false })

/** Rows that have lost the row that they refer to; PostgreSQL has none. */
const orphans = (database: OwnDatabase) =>
  database.dialect === 'sqlite' ? database.ask('pragma foreign_key_check') : Promise.resolve([])

const count = async (database: OwnDatabase, table: string) =>
  Number((await database.ask(`select count(*) as rows_of_it from ${table}`))[0]?.rows_of_it)

for (const kind of [SQLITE, ...(await serverKinds([POSTGRES]))]) {
  describe(`a run of five migrations on ${kind.title}`, () => {
    it(`that is killed (${howMany}) leaves whole migrations, and the next run finishes`, {
      timeout: 3_600_000,
    }, async () => {
      const { app, original, pending } = await filledLibrary(kind)
      await using reference = await original.copy()
      const states = await statesOf(app, reference, pending.length)
      await using counted = await original.copy()
      const statements = await statementsOf(app, counted)
      expect(await contents(counted)).toEqual(states.at(-1))
      const rows = await Promise.all(['author', 'volume', 'review'].map((table) => count(counted, table)))
      expect(rows).toEqual(Object.values(ROWS))

      for (const point of pointsOf(statements.length)) {
        await using database = await original.copy()
        const where = `killed ${point.moment} statement ${point.place}: ${statements[point.place - 1]}`
        await killAt(app, database, point)
        const applied = (await appliedNames(database)).slice(1)
        expect(applied, where).toEqual(pending.slice(0, applied.length))
        expect(await contents(database), where).toEqual(states[applied.length])
        expect(await orphans(database), where).toEqual([])

        await app.succeed(MIGRATE, { env: { DATABASE_URL: database.url } })
        expect((await appliedNames(database)).slice(1), where).toEqual(pending)
        expect(await contents(database), where).toEqual(states.at(-1))
        expect(await orphans(database), where).toEqual([])
      }
    })
  })
}
