import { wrap } from '@mikro-orm/core'
import * as fc from 'fast-check'
import { isTrashed, type Session } from 'limber/database'
import { expect, test } from 'vitest'
import { Piece, Room } from './fixtures/museum.ts'
import { openLibrary, type RawRow } from './support/library-application.ts'
import { anySteps, isManaged, Museum, regret, type Step } from './support/museum-steps.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 3_000 : isContinuous ? 300 : 100
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 11 : Date.now() % 2 ** 31))

const CLEAN = [
  'delete from piece',
  'delete from room',
  "insert into room (id, name) values (1, 'one'), (2, 'two')",
  `insert into piece (id, name, room_id, deleted_at) values
    (1, 'in one', 1, null), (2, 'also in one', 1, null), (3, 'in none', null, null), (4, 'trashed', 2, 1700000000000)`,
]
const ROOMS = 'select id, name from room order by id'
const PIECES = 'select id, name, room_id, deleted_at is not null as trashed from piece order by id'

type Place = 'scope' | 'session'
type Known = 'read' | 'referred to'

interface Rows {
  readonly rooms: readonly object[]
  readonly pieces: readonly object[]
}

type Entity = Room | Piece

/** What memory takes the rows of these entities for; references claim nothing. */
function claims(entities: readonly Entity[]): Rows {
  const read = entities.filter((entity) => wrap(entity).isInitialized())
  const rooms = read.filter((entity) => entity instanceof Room)
  const pieces = read.filter((entity) => entity instanceof Piece)
  return {
    rooms: sorted(rooms.map(({ id, name }) => ({ id, name }))),
    pieces: sorted(
      pieces.map((piece) => ({
        id: piece.id,
        name: piece.name,
        room_id: piece.room?.id ?? null,
        trashed: Number(isTrashed(piece)),
      })),
    ),
  }
}

/** What the loaded collections of rooms hold of live pieces, and what they would hold if they were read now. */
function contents(rooms: readonly Room[], pieces: readonly object[]): [object, object] {
  const held = rooms.map(({ id, pieces: own }) => {
    const items = own.getItems().filter((piece) => !isTrashed(piece))
    return [id, items.map((piece) => piece.id).sort()]
  })
  const live = (pieces as RawRow[]).filter(({ trashed }) => !trashed)
  return [held, rooms.map((room) => [room.id, live.filter((p) => p.room_id === room.id).map(({ id }) => id)])]
}

const sorted = <T extends { readonly id: number }>(rows: T[]) => rows.sort((a, b) => a.id - b.id)

/** The rows of entities, for comparison with what they claim. */
function rowsOf(all: Rows, entities: readonly Entity[]): Rows {
  const of = (model: typeof Room | typeof Piece, rows: readonly object[]) => {
    const own = entities.filter((entity) => entity instanceof model && wrap(entity).isInitialized())
    return rows.filter((row) => own.some(({ id }) => id === Reflect.get(row, 'id')))
  }
  return { rooms: of(Room, all.rooms), pieces: of(Piece, all.pieces) }
}

/** Work may fail by itself, as what refers to a room that is gone: it is undone as well. */
function refuseLies(error: unknown): void {
  if (error instanceof Error && error.name === 'AssertionError') throw error
}

async function openMuseum() {
  const { app, connection, rows } = await openLibrary({
    models: [Room, Piece],
    database: { insight: { repeated: 'off' } },
  })
  const fromOutside = (): Rows => ({ rooms: rows(ROOMS), pieces: rows(PIECES) })

  const inside = async (session: Session): Promise<Rows> => ({
    rooms: await session.execute(ROOMS),
    pieces: await session.execute(PIECES),
  })

  /** Where a savepoint was undone, managed entities show their rows. */
  const checkManaged = async (session: Session, museum: Museum) => {
    const managed = museum.entities.filter((entity) => isManaged(session, entity))
    expect(claims(managed)).toEqual(rowsOf(await inside(session), managed))
  }

  const undone = async (steps: readonly Step[], place: Place, known: Known) => {
    const museum = new Museum()
    const work = async (session: Session) => {
      await museum.open(session, known)
      await museum.run(session, steps, () => checkManaged(session, museum))
      throw regret
    }
    if (place === 'scope') await app.scope(() => work(app.make('db.session'))).catch(refuseLies)
    else {
      await using session = app.make('db').openSession()
      await session.transaction(() => work(session)).catch(refuseLies)
    }
    return museum
  }

  return async (steps: readonly Step[], place: Place, known: Known) => {
    for (const sql of CLEAN) await connection.execute(sql)
    const before = fromOutside()
    const museum = await undone(steps, place, known)
    const { rooms, entities } = museum
    expect(fromOutside()).toEqual(before)
    // What was first read in the work that is undone is not vouched for after it.
    if (known === 'referred to') return

    const old = entities.filter(({ id }) => id)
    expect(claims(old)).toEqual(before)
    const [held, live] = contents(
      rooms.filter(({ id }) => id),
      before.pieces,
    )
    expect(held).toEqual(live)

    await app.scope(() => void app.make('db.session').persist(entities))
    expect(claims(entities)).toEqual(fromOutside())

    await app.scope(async () => {
      for (const entity of entities) museum.rename(entity)
      for (const entity of entities) await entity.save()
    })
    expect(claims(entities)).toEqual(fromOutside())
  }
}

test(`memory tells the truth after any work that was undone (LIMBER_TEST_SEED=${seed}, ${RUNS} runs)`, {
  timeout: 600_000,
}, async () => {
  const check = await openMuseum()
  const property = fc.asyncProperty(
    anySteps,
    fc.constantFrom<Place[]>('scope', 'session'),
    fc.constantFrom<Known[]>('read', 'referred to'),
    check,
  )
  await fc.assert(property, { seed, numRuns: RUNS })
})
