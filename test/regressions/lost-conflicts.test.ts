import { describe, expect, test } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { bootLibrary } from '../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../database/support/servers.ts'

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(server.title, () => {
    test('whoever loses a deadlock keeps nothing, also when the error was caught and the work went on', async () => {
      const driver = server.driver({ database: await emptyDatabase(server) })
      const { app } = await bootLibrary({ driver, models: [Shelf] })
      await app.ready(['db'])
      const connection = app.make('db.connection')
      await connection.schema.create()
      await connection.execute("insert into shelf (name, count, version) values ('a', 0, 1), ('b', 0, 1)")
      const first = Promise.withResolvers<void>()
      const second = Promise.withResolvers<void>()
      let lost = 0
      const meet = (mine: string, other: string, ready: PromiseWithResolvers<void>, wait: Promise<void>) =>
        app.scope(async () => {
          const session = app.make('db.session')
          await session.execute('update shelf set count = count + 1 where name = ?', [mine])
          ready.resolve()
          await wait
          try {
            await session.execute('update shelf set count = count + 1 where name = ?', [other])
          } catch (error) {
            expect(error).toMatchObject({ code: 'LIMBER_TRANSACTION_CONFLICT' })
            lost += 1
            await session
              .execute("insert into shelf (name, count, version) values ('late', 0, 1)")
              .catch(() => undefined)
          }
        })
      const outcomes = await Promise.allSettled([
        meet('a', 'b', first, second.promise),
        meet('b', 'a', second, first.promise),
      ])
      expect(lost).toBe(1)
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await connection.execute('select name, count from shelf order by name')).toEqual([
        { name: 'a', count: 1 },
        { name: 'b', count: 1 },
      ])
    })
  })
}
