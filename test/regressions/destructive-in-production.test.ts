import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { APART, execute, migration, type Place, places } from '../database/migrations/place.ts'
import { succeed } from '../database/support/library-application.ts'

const BOOKS = migration(
  'Books',
  execute('create table book (id integer, isbn varchar(20))', "insert into book values (1, '1'), (2, '2')"),
)

const IF_THERE = migration(
  'IfThere',
  `const rows = await this.execute('select isbn from book')
    if (rows.length > 0) await this.execute('alter table book drop column isbn')`,
)

const IN_BATCHES = migration(
  'InBatches',
  `await this.batches({ table: 'book', key: 'id' }, async () => {
      await this.execute('delete from book')
    })`,
  APART,
)

const PER_ROW = migration(
  'PerRow',
  `await this.batches({ table: 'book', key: 'id' }, async (rows) => {
      for (const { id } of rows) await this.execute('delete from book where id = ? and isbn = ?', [id, '1'])
    })`,
  APART,
)

async function inProduction(place: Place) {
  const test = await place.open()
  place.write({ '20260101000001_books': BOOKS })
  await succeed(test, 'db', 'migrate')
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  return place.open()
}

for (const kind of await places()) {
  describe(`${kind.title}: in production`, () => {
    it.each([
      ['in a branch that depends on rows', IF_THERE],
      ['in batches', IN_BATCHES],
    ])('what is destructive only %s is refused when it comes', async (_what, text) => {
      const place = await kind.create()
      const test = await inProduction(place)
      place.write({ '20260101000002_later': text })
      expect(await test.run('db', 'migrate')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('would lose'),
      })
      expect(await place.rows('select id, isbn from book order by id')).toHaveLength(2)
      await succeed(test, 'db', 'migrate', '--allow-destructive')
    })

    it('rows that are named one by one are no loss', async () => {
      const place = await kind.create()
      const test = await inProduction(place)
      place.write({ '20260101000002_later': PER_ROW })
      await succeed(test, 'db', 'migrate')
      expect(await place.rows('select id from book')).toEqual([{ id: 2 }])
    })

    it('db init refuses what db migrate refuses', async () => {
      const place = await kind.create()
      const test = await inProduction(place)
      place.write({ '20260101000002_later': migration('Drops', execute('drop table book')) })
      expect(await test.run('db', 'init')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('[LIMBER_DESTRUCTIVE_MIGRATION]'),
      })
      expect(await place.rows('select id from book')).toHaveLength(2)
    })
  })
}
