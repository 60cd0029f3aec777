import { Model } from 'limber/database'
import { Collection, Entity, ManyToOne, OneToMany, type Opt, Property, types } from 'limber/database/mapping'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

@Entity()
class Kennel extends Model {
  @OneToMany(
    () => Pet,
    (pet) => pet.kennel,
  )
  pets = new Collection<Pet>(this)
}

@Entity({ discriminatorColumn: 'type', discriminatorMap: { pet: 'Pet', hound: 'Hound' } })
class Pet extends Model {
  static override softDelete = true

  @Property({ type: types.string })
  type!: string & Opt

  @ManyToOne(() => Kennel)
  kennel!: Kennel
}

@Entity()
class Hound extends Pet {}

const [sqlite] = await databases()
let world: World
beforeAll(async () => {
  if (sqlite) world = await openWorld(sqlite, [Kennel, Pet, Hound])
})
afterAll(() => world[Symbol.asyncDispose]())

it('an entity of a subclass leaves the loaded collection of its base class when it is trashed by condition', async () => {
  await world.scope((session) => {
    const kennel = session.create(Kennel, {})
    session.create(Hound, { kennel })
    session.create(Pet, { kennel })
  })
  await world.scope(async (session) => {
    const kennel = await session.findOneOrFail(Kennel, 1, { populate: ['pets'] })
    await session.nativeDelete(Hound, {})
    expect(kennel.pets.length).toBe(1)
    await session.restore(Hound, {})
    expect(kennel.pets.length).toBe(2)
  })
})
