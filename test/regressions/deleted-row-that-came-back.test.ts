import { expect, test } from 'vitest'
import { Piece, Room } from '../database/fixtures/museum.ts'
import { openLibrary } from '../database/support/library-application.ts'

const regret = new Error('regret')

test('what a savepoint that fails brings back to memory is asked of the database', async () => {
  const { app, connection } = await openLibrary({ models: [Room, Piece] })
  await connection.execute("insert into room (id, name) values (1, 'one')")
  await connection.execute(
    "insert into piece (id, name, room_id, deleted_at) values (4, 'trashed', 1, 1700000000000)",
  )
  await app.scope(async () => {
    const session = app.make('db.session')
    await session.find(Room, {}, { populate: ['pieces'] })
    const piece = await session.findOneOrFail(Piece, 4, { withTrashed: true })
    session.forceRemove(piece)
    await session.transaction(async () => {
      await session.transaction(() => void session.remove(piece))
      const inner = session.transaction(async () => {
        session.forceRemove(piece)
        await session.find(Piece, {}, { withTrashed: true })
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      expect(await session.execute('select id from piece')).toEqual([])
      expect(session.getUnitOfWork(false).getIdentityMap().values()).not.toContain(piece)
    })
  })
})
