import { describe, expect, it } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { bootLibrary } from '../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../database/support/servers.ts'

async function open(server: Server) {
  const { app } = await bootLibrary({
    driver: server.driver({ database: await emptyDatabase(server) }),
    models: [Shelf],
  })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  const names = async () =>
    (await connection.execute('select name from shelf order by id')).map(({ name }) => name)
  return { app, db: app.make('db'), names }
}

if (await isThere(POSTGRES)) {
  describe('a statement after one that PostgreSQL has refused', () => {
    it('is refused by name, with what came first as its cause', async () => {
      const { app, names } = await open(POSTGRES)
      const scope = app.scope(async () => {
        const session = app.make('db.session')
        await session.insert(Shelf, { name: 'a', version: 1 })
        await expect(session.insert(Shelf, { name: 'a', version: 1 })).rejects.toMatchObject({
          code: 'LIMBER_UNIQUE_VIOLATION',
        })
        const failed = {
          code: 'LIMBER_TRANSACTION_FAILED',
          kind: 'conflict',
          cause: { code: 'LIMBER_UNIQUE_VIOLATION' },
        }
        await expect(session.find(Shelf, {})).rejects.toMatchObject(failed)
        await expect(session.execute('select 1')).rejects.toMatchObject(failed)
        await expect(session.insert(Shelf, { name: 'b', version: 1 })).rejects.toMatchObject(failed)
        await expect(session.transaction(() => undefined)).rejects.toMatchObject(failed)
      })
      await expect(scope).rejects.toMatchObject({
        code: 'LIMBER_TRANSACTION_FAILED',
        cause: { code: 'LIMBER_UNIQUE_VIOLATION' },
      })
      expect(await names()).toEqual([])
    })

    it('is never a success that has saved nothing, also when a find was refused', async () => {
      const { app, names } = await open(POSTGRES)
      const scope = app.scope(async () => {
        const session = app.make('db.session')
        await session.insert(Shelf, { name: 'a', version: 1 })
        const broken = session.find(Shelf, { name: { $re: '[' } })
        await expect(broken).rejects.toThrow('invalid regular expression')
      })
      await expect(scope).rejects.toThrow('invalid regular expression')
      expect(await names()).toEqual([])
    })

    it('goes on after the savepoint in which it failed', async () => {
      const { app, db, names } = await open(POSTGRES)
      await app.scope(async () => {
        const session = app.make('db.session')
        await session.insert(Shelf, { name: 'a', version: 1 })
        const inner = db.transaction(() => session.find(Shelf, { name: { $re: '[' } }))
        await expect(inner).rejects.toThrow('invalid regular expression')
        await session.insert(Shelf, { name: 'b', version: 1 })
      })
      expect(await names()).toEqual(['a', 'b'])
    })
  })
}

if (await isThere(MARIADB)) {
  it('a statement after one that MariaDB has refused goes on: only that one was undone', async () => {
    const { app, names } = await open(MARIADB)
    await app.scope(async () => {
      const session = app.make('db.session')
      await session.insert(Shelf, { name: 'a', version: 1 })
      await expect(session.insert(Shelf, { name: 'a', version: 1 })).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
      await session.insert(Shelf, { name: 'b', version: 1 })
    })
    expect(await names()).toEqual(['a', 'b'])
  })
}
