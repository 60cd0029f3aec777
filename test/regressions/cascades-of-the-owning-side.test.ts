/** A row with the foreign key that takes along what it refers to: deletes by condition left that, and restoring did as well. */
import { Model } from 'limber/database'
import { Cascade, Entity, ManyToOne, OneToOne, Property, type Ref } from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

@Entity()
class Passport extends Model {
  static override softDelete = true

  @Property()
  number!: string
}

@Entity()
class Bag extends Model {
  static override softDelete = true

  @Property()
  colour!: string
}

@Entity()
class Traveller extends Model {
  static override softDelete = true

  @OneToOne(() => Passport, { ref: true, owner: true, orphanRemoval: true, nullable: true })
  passport?: Ref<Passport> | null

  @ManyToOne(() => Bag, { ref: true, nullable: true, cascade: [Cascade.PERSIST, Cascade.REMOVE] })
  bag?: Ref<Bag> | null
}

for (const database of await databases()) {
  describe(`what the owning side of a relation removes on ${database.title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database, [Passport, Bag, Traveller])
    })
    beforeEach(async () => {
      await world.clear()
      await world.scope((session) => {
        const [passport, bag] = [
          session.create(Passport, { number: 'A1' }),
          session.create(Bag, { colour: 'red' }),
        ]
        session.create(Traveller, { passport, bag })
        session.create(Traveller, {})
        session.create(Passport, { number: 'B2' })
      })
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const trashed = async () => [
      await world.trashed('traveller'),
      await world.trashed('passport'),
      await world.trashed('bag'),
    ]

    it('follows a delete by condition, and comes back', async () => {
      await world.scope((session) => session.nativeDelete(Traveller, {}))
      expect(await trashed()).toEqual([[1, 2], [1], [1]])
      await world.scope((session) => session.restore(Traveller, {}))
      expect(await trashed()).toEqual([[], [], []])
    })

    it('follows a delete of a query builder that refers to nothing', async () => {
      await world.scope((session) => session.qb(Traveller).delete().where({ id: 2 }).execute())
      expect(await trashed()).toEqual([[2], [], []])
    })

    it('comes back after it was removed in memory', async () => {
      await world.scope(async (session) => {
        session.remove(await session.findOneOrFail(Traveller, 1, { populate: ['passport', 'bag'] }))
      })
      expect(await trashed()).toEqual([[1], [1], [1]])
      await world.scope((session) => session.restore(Traveller, { id: 1 }))
      expect(await trashed()).toEqual([[], [], []])
    })

    it('stays in the trash when it went there before', async () => {
      await world.scope((session) => session.nativeDelete(Bag, {}))
      await world.scope((session) => session.nativeDelete(Traveller, { id: 1 }))
      await world.scope((session) => session.restore(Traveller, { id: 1 }))
      expect(await trashed()).toEqual([[], [], [1]])
    })
  })
}
