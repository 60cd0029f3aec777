import { describe, expect, it } from 'vitest'
import { APART, execute, migration, places } from '../database/migrations/place.ts'
import { succeed } from '../database/support/library-application.ts'

const over = (table: string, rows: string, size: number) =>
  migration(
    'Over',
    `${execute(`create table seen (id varchar(30))`, `create table many (${table}, no integer)`, `insert into many values ${rows}`)}
    await this.batches({ table: 'many', key: 'id', size: ${size} }, async (rows) => {
      for (const { no } of rows) await this.execute('insert into seen values (?)', [no])
    })`,
    APART,
  )

for (const kind of await places()) {
  describe(`${kind.title}: batches`, () => {
    const refused = async (text: string) => {
      const place = await kind.create()
      place.write({ '20260101000001_over': text })
      const test = await place.open()
      expect(await test.run('db', 'migrate')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('cannot be run'),
      })
    }

    it('leave out no row whose key another one has', () =>
      refused(over('id integer', '(1, 1), (2, 2), (2, 3), (3, 4)', 2)))

    it('leave out no row without a key', () =>
      refused(over('id integer', '(1, 1), (2, 2), (null, 3), (null, 4)', 2)))

    it('hand over numbers that JavaScript cannot tell apart once each, or refuse them', async () => {
      const place = await kind.create()
      const rows = '(9007199254740993, 1), (9007199254740995, 2), (9007199254740997, 3)'
      place.write({ '20260101000001_over': over('id bigint', rows, 1) })
      const test = await place.open()
      if (place.dialect === 'sqlite') return refused(over('id bigint', rows, 1))
      await succeed(test, 'db', 'migrate')
      expect(await place.rows('select id from seen order by id')).toEqual([
        { id: '1' },
        { id: '2' },
        { id: '3' },
      ])
    })
  })
}
