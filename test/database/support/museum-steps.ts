/** @module Random work on a museum: what a unit of work may do to its rooms and pieces before it is undone. */

import { wrap } from '@mikro-orm/core'
import * as fc from 'fast-check'
import { isTrashed, type Session } from 'limber/database'
import { ref } from 'limber/database/mapping'
import { Piece, Room } from '../fixtures/museum.ts'

/** Entities are named by a number, of which the rest of a division counts. */
export type Step =
  | { readonly do: 'create room' }
  | { readonly do: 'upsert room' }
  | { readonly do: 'flush' }
  | { readonly do: 'read' }
  | { readonly do: 'create piece' | 'move'; readonly piece: number; readonly room: number | null }
  | { readonly do: 'rename' | 'remove' | 'forceRemove' | 'restore'; readonly entity: number }
  | { readonly do: 'refresh' | 'upsert'; readonly entity: number }
  | { readonly do: 'native update'; readonly entity: number; readonly seen: 'refresh' | 'find' | 'find anew' }
  | { readonly do: 'nested'; readonly steps: readonly Step[]; readonly fails: boolean }

const number = fc.nat({ max: 20 })
const plain = fc.oneof(
  fc.record({ do: fc.constantFrom('create room', 'upsert room', 'flush', 'read') }),
  fc.record({
    do: fc.constantFrom('create piece', 'move'),
    piece: number,
    room: fc.option(number),
  }),
  fc.record({ do: fc.constantFrom('rename', 'remove', 'forceRemove', 'restore'), entity: number }),
  fc.record({ do: fc.constantFrom('refresh', 'upsert'), entity: number }),
  fc.record({
    do: fc.constant('native update'),
    entity: number,
    seen: fc.constantFrom('refresh', 'find', 'find anew'),
  }),
) satisfies fc.Arbitrary<Step>

export const anySteps: fc.Arbitrary<readonly Step[]> = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 8, depthIdentifier: 'nested' }),
  step: fc.oneof(
    { depthIdentifier: 'nested', maxDepth: 3, withCrossShrink: true },
    { arbitrary: plain, weight: 5 },
    {
      arbitrary: fc.record({ do: fc.constant('nested'), steps: tie('steps'), fails: fc.boolean() }),
      weight: 1,
    },
  ),
})).steps

export const regret = new Error('regret')

/** Everything that memory knows, whether it is managed or not. */
export class Museum {
  readonly rooms: Room[] = []
  readonly pieces: Piece[] = []
  #names = 0

  /** @param rooms whether the rooms are read, or else known as references of pieces */
  async open(session: Session, rooms: 'read' | 'referred to'): Promise<void> {
    if (rooms === 'read') await this.#load(session)
    else {
      const pieces = await session.find(Piece, {}, { withTrashed: true })
      this.#add([...pieces, ...pieces.flatMap(({ room }) => (room ? [room.unwrap()] : []))])
    }
  }

  async #load(session: Session): Promise<void> {
    this.#add(await session.find(Room, {}, { populate: ['pieces'] }))
    this.#add(await session.find(Piece, {}, { withTrashed: true }))
  }

  get entities(): (Room | Piece)[] {
    return [...this.rooms, ...this.pieces]
  }

  /** @param check is called where memory has to be right again */
  async run(session: Session, steps: readonly Step[], check: () => Promise<void>): Promise<void> {
    for (const step of steps) {
      if (step.do === 'nested') await this.#nest(session, step, check)
      else await this.#take(session, step)
    }
  }

  rename(entity: Room | Piece): void {
    entity.name = `name ${++this.#names}`
  }

  async #nest(session: Session, step: Step & { do: 'nested' }, check: () => Promise<void>): Promise<void> {
    const work = async () => {
      await this.run(session, step.steps, check)
      if (step.fails) throw regret
    }
    try {
      await session.transaction(work)
    } catch (error) {
      if (error !== regret) throw error
      await check()
    }
  }

  async #take(session: Session, step: Exclude<Step, { do: 'nested' }>): Promise<void> {
    const name = `name ${++this.#names}`
    if (step.do === 'flush') await session.flush()
    else if (step.do === 'read') await this.#load(session)
    else if (step.do === 'create room') this.#add([session.create(Room, { name })])
    else if (step.do === 'upsert room') await this.#upsertRoom(session, name)
    else if (step.do === 'native update')
      await this.#updateByHand(session, at(this.entities, step.entity), step.seen)
    else if (step.do === 'refresh' || step.do === 'upsert')
      await this.#takeUp(session, step.do, at(this.entities, step.entity))
    else if ('entity' in step) await this.#change(session, step.do, at(this.entities, step.entity))
    else {
      const room = step.room === null ? null : at(this.rooms, step.room)
      if (step.do === 'create piece') this.#add([session.create(Piece, { name, room })])
      else at(this.pieces, step.piece).room = room && ref(room)
    }
  }

  async #upsertRoom(session: Session, name: string): Promise<void> {
    const room = session.create(Room, { name }, { persist: false })
    this.#add([room])
    await session.upsert(room)
  }

  async #takeUp(session: Session, verb: 'refresh' | 'upsert', entity: Room | Piece): Promise<void> {
    if (!isManaged(session, entity)) return
    // An upsert carries out a pending removal first, and gives another entity for the row that it then makes.
    if (session.getUnitOfWork(false).getRemoveStack().has(entity)) return
    if (verb === 'refresh') await session.refresh(entity, { filters: false })
    else
      await session.upsert<Room | Piece>(entity instanceof Room ? Room : Piece, {
        id: entity.id,
        name: `name ${++this.#names}`,
      })
  }

  async #updateByHand(
    session: Session,
    entity: Room | Piece,
    seen: 'refresh' | 'find' | 'find anew',
  ): Promise<void> {
    if (!isManaged(session, entity)) return
    const { id } = entity
    const model = entity instanceof Room ? Room : Piece
    await session.nativeUpdate<Room | Piece>(model, { id }, { name: `name ${++this.#names}` })
    if (seen === 'refresh') await session.refresh(entity, { filters: false })
    else await session.find<Room | Piece>(model, { id }, { withTrashed: true, refresh: seen === 'find anew' })
  }

  async #change(
    session: Session,
    verb: 'rename' | 'remove' | 'forceRemove' | 'restore',
    entity: Room | Piece,
  ): Promise<void> {
    // What the database does to the pieces of a room that was never read, nobody in memory could tell.
    const isRemoval = verb === 'remove' || verb === 'forceRemove'
    if (isRemoval && !wrap(entity).isInitialized()) return
    if (verb === 'rename') this.rename(entity)
    else if (verb !== 'restore') session[verb](entity)
    else if (isTrashed(entity)) await session.restore(entity)
  }

  #add(entities: readonly (Room | Piece)[]): void {
    for (const entity of entities) {
      if (entity instanceof Room && !this.rooms.includes(entity)) this.rooms.push(entity)
      if (entity instanceof Piece && !this.pieces.includes(entity)) this.pieces.push(entity)
    }
  }
}

export const isManaged = (session: Session, entity: object) =>
  session.getUnitOfWork(false).getIdentityMap().values().includes(entity)

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}
