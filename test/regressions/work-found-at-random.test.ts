import { expect, test } from 'vitest'
import { Piece, Room } from '../database/fixtures/museum.ts'
import { openLibrary } from '../database/support/library-application.ts'

const regret = new Error('regret')

/** What random work after random work has found; `test/database/memory-of-random-work.test.ts` looks for more. */
async function openMuseum() {
  const { app, connection, rows } = await openLibrary({ models: [Room, Piece] })
  await connection.execute("insert into room (id, name) values (1, 'one')")
  return { app, rows }
}

test.each([
  ['a row', () => new Room()],
  ['a row that would have gone to the trash', () => new Piece()],
])('an entity that was removed and never had %s is as new after the rollback as before', async (_, make) => {
  const { app, rows } = await openMuseum()
  const entity = Object.assign(make(), { name: 'new' })
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    await session.transaction(() => void session.create(Room, { name: 'undone' }))
    session.remove(entity)
    await session.flush()
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
  await app.scope(() => void app.make('db.session').persist(entity))
  const table = entity instanceof Room ? 'room' : 'piece'
  expect(rows(`select id from ${table} where name = 'new'`)).toEqual([{ id: entity.id }])
})

test('a collection that a savepoint has given back is given back by its scope as it was, too', async () => {
  const { app } = await openMuseum()
  const seen: Room[] = []
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    const room = await session.findOneOrFail(Room, 1, { populate: ['pieces'] })
    seen.push(room)
    const inner = session.transaction(async () => {
      session.create(Piece, { name: 'first', room })
      await session.flush()
      throw regret
    })
    await expect(inner).rejects.toBe(regret)
    session.create(Piece, { name: 'second', room })
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
  expect(seen.map(({ pieces }) => pieces.getItems())).toEqual([[]])
})

test('entities that were created together are inserted together after the rollback', async () => {
  const { app, rows } = await openMuseum()
  const made: Room[] = []
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    const room = session.create(Room, { name: 'two' })
    session.create(Piece, { name: 'in two', room })
    made.push(room)
    await session.flush()
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
  await app.scope(() => void app.make('db.session').persist(made))
  expect(rows('select piece.name, room.name as room from piece join room on room.id = room_id')).toEqual([
    { name: 'in two', room: 'two' },
  ])
})
