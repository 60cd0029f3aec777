import { describe, expect, it } from 'vitest'
import { POSTGRES } from '../support/servers.ts'
import { originalOf } from './support/copies.ts'
import { killAt, statementsOf } from './support/kill.ts'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { type DatabaseKind, type OwnDatabase, SQLITE, serverKinds } from './support/own-databases.ts'
import { howMany, pointsOf } from './support/points.ts'
import { appliedNames } from './support/schema-dump.ts'

const MIGRATE = ['db', 'migrate']
const BOOKS = 450
const SIZE = 100
const FIRST = '20260101000000_books'
const SECOND = '20260101000001_visit'

/** The keys have gaps, and no batch begins where its number would say. */
const BOOKS_TABLE = run(
  'create table book (id integer primary key, visits integer not null)',
  'create table seen (batch integer not null, book_id integer not null)',
  `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${BOOKS})
    insert into book select i * 3, 0 from n`,
)

const VISIT = `await this.batches({ table: 'book', key: 'id', size: ${SIZE} }, async (rows) => {
      const keys = rows.map(({ id }) => Number(id))
      await this.execute(\`update book set visits = visits + 1 where id in (\${keys.join(', ')})\`)
      await this.execute(\`insert into seen select \${keys[0]}, id from book where id in (\${keys.join(', ')})\`)
    })`

async function filledBooks(kind: DatabaseKind) {
  const original = await originalOf(kind)
  const app = new MigratingApp({
    url: original.url,
    migrations: { [FIRST]: migration('Books', BOOKS_TABLE) },
  })
  await app.succeed(MIGRATE)
  const visit = migration('Visit', VISIT, { members: 'static override transaction = false\n' })
  app.write({ [`database/migrations/${SECOND}.ts`]: visit })
  return { app, original }
}

async function visitsOf({ ask }: OwnDatabase) {
  const visits = await ask('select visits, count(*) as books from book group by visits order by visits')
  const batches = await ask('select batch, count(*) as books from seen group by batch order by batch')
  return {
    visits: Object.fromEntries(visits.map((row) => [Number(row.visits), Number(row.books)])),
    batches: batches.map(({ books }) => Number(books)),
  }
}

const ALL = Array.from({ length: Math.ceil(BOOKS / SIZE) }, (_, batch) =>
  Math.min(SIZE, BOOKS - batch * SIZE),
)
const FINISHED = { visits: { 1: BOOKS }, batches: ALL }

for (const kind of [SQLITE, ...(await serverKinds([POSTGRES]))]) {
  describe(`a migration of rows in batches on ${kind.title}`, () => {
    it(`that is killed (${howMany}) goes on where it was, each batch exactly once`, {
      timeout: 3_600_000,
    }, async () => {
      const { app, original } = await filledBooks(kind)
      await using counted = await original.copy()
      const statements = await statementsOf(app, counted)
      expect(await visitsOf(counted)).toEqual(FINISHED)

      for (const point of pointsOf(statements.length)) {
        await using database = await original.copy()
        const where = `killed ${point.moment} statement ${point.place}: ${statements[point.place - 1]}`
        await killAt(app, database, point)
        const { visits, batches } = await visitsOf(database)
        expect(batches, where).toEqual(ALL.slice(0, batches.length))
        expect(visits[1] ?? 0, where).toBe(batches.reduce((sum, books) => sum + books, 0))

        await app.succeed(MIGRATE, { env: { DATABASE_URL: database.url } })
        expect(await visitsOf(database), where).toEqual(FINISHED)
        expect(await appliedNames(database), where).toEqual([FIRST, SECOND])
      }
    })
  })
}
