/** A model with a table of its own besides that of its parent: the stamp is in that of the parent. */
import { isTrashed, Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

@Entity({ inheritance: 'tpt' })
class Animal extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
class Dog extends Animal {
  @Property({ nullable: true })
  breed?: string | null
}

@Entity()
class Toy extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @ManyToOne(() => Animal, { ref: true, deleteRule: 'cascade' })
  animal!: Ref<Animal>
}

for (const database of await databases()) {
  describe(`deletes of subtypes on ${database.title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database, [Animal, Dog, Toy])
    })
    beforeEach(async () => {
      await world.clear()
      await world.scope((session) => {
        for (const breed of ['collie', 'poodle']) {
          const dog = session.create(Dog, { name: `a ${breed}`, breed })
          session.create(Toy, { name: `ball of ${breed}`, animal: dog })
        }
        session.create(Animal, { name: 'a cat' })
      })
    })
    afterAll(() => world[Symbol.asyncDispose]())

    it('trash the row of the parent with what follows it, and restore brings them back', async () => {
      await world.scope(async (session) => {
        const dogs = await session.find(Dog, {})
        expect(await session.nativeDelete(Dog, { breed: 'collie' })).toBe(1)
        expect(await session.nativeDelete(Dog, { breed: 'collie' })).toBe(0)
        expect(dogs.filter(isTrashed)).toHaveLength(1)
      })
      expect(await world.trashed('animal', 'name')).toEqual(['a collie'])
      expect(await world.trashed('toy', 'name')).toEqual(['ball of collie'])
      expect(await world.sql('select breed from dog')).toHaveLength(2)
      expect(await world.scope((session) => session.restore(Dog, { breed: 'collie' }))).toBe(1)
      expect(await world.trashed('animal')).toEqual([])
      expect(await world.trashed('toy')).toEqual([])
    })

    it('are pruned with those of the whole family', async () => {
      await world.scope((session) => session.nativeDelete(Animal, {}))
      await world.scope((session) => session.restore(Dog, { breed: 'poodle' }))
      expect(await world.scope((session) => session.prune(Dog, new Date('2100-01-01')))).toBe(2)
      expect(await world.sql('select name from animal')).toEqual([{ name: 'a poodle' }])
      expect(await world.sql('select breed from dog')).toEqual([{ breed: 'poodle' }])
      expect(await world.sql('select name from toy')).toEqual([{ name: 'ball of poodle' }])
    })

    it('by force leave no row in either table, also of the trash', async () => {
      await world.scope((session) => session.nativeDelete(Dog, { breed: 'collie' }))
      expect(await world.scope((session) => session.nativeDelete(Dog, {}, { force: true }))).toBe(2)
      expect(await world.sql('select name from animal')).toEqual([{ name: 'a cat' }])
      expect(await world.sql('select breed from dog')).toEqual([])
    })
  })
}
