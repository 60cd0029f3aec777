import { ref } from 'limber/database/mapping'
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

test('what the database did to other rows is undone in memory too, also when a savepoint has read it again', async () => {
  const { app, rows } = await openMuseum()
  await app.scope(() => void app.make('db.session').create(Piece, { name: 'in one', room: 1 }))
  const seen: Piece[] = []
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    const piece = await session.findOneOrFail(Piece, { name: 'in one' }, { populate: ['room'] })
    seen.push(piece)
    if (piece.room) session.remove(piece.room)
    const inner = session.transaction(() => {
      throw regret
    })
    await expect(inner).rejects.toBe(regret)
    expect(piece.room).toBeNull()
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
  expect(seen.map(({ room }) => room?.id)).toEqual([1])
  expect(rows('select room_id from piece')).toEqual([{ room_id: 1 }])
})

test('a collection that has lost an item for good does not get it back from a later savepoint', async () => {
  const { app } = await openMuseum()
  await app.scope(() => void app.make('db.session').create(Piece, { name: 'in one', room: 1 }))
  await app.scope(async () => {
    const session = app.make('db.session')
    const room = await session.findOneOrFail(Room, 1, { populate: ['pieces'] })
    for (const piece of room.pieces) {
      piece.room = null
      session.forceRemove(piece)
    }
    await session.flush()
    const inner = session.transaction(() => {
      throw regret
    })
    await expect(inner).rejects.toBe(regret)
    expect(room.pieces.getItems()).toEqual([])
  })
})

test('a collection that is brought back does not move what had left it', async () => {
  const { app } = await openMuseum()
  await app.scope(() => {
    for (const room of [1, null]) app.make('db.session').create(Piece, { name: `in ${room}`, room })
  })
  await app.scope(async () => {
    const session = app.make('db.session')
    const room = await session.findOneOrFail(Room, 1, { populate: ['pieces'] })
    const [piece, other] = await session.find(Piece, {}, { orderBy: { name: 'asc' } })
    if (!piece || !other) throw new Error('pieces are missing')
    piece.room = null
    const inner = session.transaction(() => {
      other.room = ref(room)
      throw regret
    })
    await expect(inner).rejects.toBe(regret)
    expect([piece.room, other.room]).toEqual([null, null])
  })
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
