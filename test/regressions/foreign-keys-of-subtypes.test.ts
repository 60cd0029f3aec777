/** A foreign key in the table of a subtype: soft delete only looked for those in the table of the root. */
import { Model } from 'limber/database'
import {
  Cascade,
  Collection,
  Entity,
  ManyToOne,
  OneToMany,
  Property,
  type Ref,
} from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

@Entity()
class Keeper extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
class Chip extends Model {
  static override softDelete = true

  @Property()
  code!: string
}

@Entity({ inheritance: 'tpt' })
class Pet extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
class Hound extends Pet {
  @ManyToOne(() => Keeper, { ref: true, deleteRule: 'cascade', nullable: true })
  keeper?: Ref<Keeper> | null

  @ManyToOne(() => Chip, { ref: true, nullable: true, cascade: [Cascade.PERSIST, Cascade.REMOVE] })
  chip?: Ref<Chip> | null

  @OneToMany(
    () => Bone,
    (bone) => bone.hound,
    { cascade: [Cascade.PERSIST, Cascade.REMOVE] },
  )
  bones = new Collection<Bone>(this)
}

@Entity()
class Bone extends Model {
  static override softDelete = true

  @ManyToOne(() => Hound, { ref: true })
  hound!: Ref<Hound>
}

const LATER = new Date('2100-01-01')

for (const database of await databases()) {
  describe(`foreign keys of subtypes on ${database.title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database, [Keeper, Chip, Pet, Hound, Bone])
    })
    beforeEach(async () => {
      await world.clear()
      await world.scope(async (session) => {
        const keeper = session.create(Keeper, { name: 'Ann' })
        const hound = session.create(Hound, {
          name: 'Rex',
          keeper,
          chip: session.create(Chip, { code: 'x' }),
        })
        session.create(Hound, { name: 'Stray' })
        // The ORM does not see that it has to wait for the table of the subtype.
        await session.flush()
        session.create(Bone, { hound })
      })
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const trashed = async () => [
      await world.trashed('keeper'),
      await world.trashed('pet', 'name'),
      await world.trashed('chip'),
      await world.trashed('bone'),
    ]

    it('let their rows follow, and come back', async () => {
      await world.scope((session) => session.nativeDelete(Keeper, {}))
      expect(await trashed()).toEqual([[1], ['Rex'], [1], [1]])
      await world.scope((session) => session.restore(Keeper, {}))
      expect(await trashed()).toEqual([[], [], [], []])
    })

    it('keep rows from being pruned to which a live row refers', async () => {
      await world.scope((session) => session.nativeDelete(Keeper, {}))
      await world.scope((session) => session.restore(Hound, { name: 'Rex' }))
      expect(await world.scope((session) => session.prune(Keeper, LATER))).toBe(0)
      expect(await world.sql('select name from pet')).toHaveLength(2)
      expect(await world.sql('select id from hound')).toHaveLength(2)
    })

    it('have rows of the trash pruned before those to which they refer', async () => {
      await world.scope((session) => session.nativeDelete(Keeper, {}))
      expect(await world.scope((session) => session.prune(Keeper, LATER))).toBe(1)
      expect(await world.sql('select name from pet')).toEqual([{ name: 'Stray' }])
      expect(await world.sql('select id from hound')).toHaveLength(1)
    })

    it('show a parent in the trash when it is populated with it', async () => {
      await world.scope((session) => session.nativeDelete(Keeper, {}))
      await world.scope((session) => session.restore(Hound, { name: 'Rex' }))
      await world.scope(async (session) => {
        const hound = await session.findOneOrFail(Hound, { name: 'Rex' }, { populate: ['keeper'] })
        expect(hound.keeper).toBeNull()
        await session.populate([hound], ['keeper'], { withTrashed: true })
        expect(hound.keeper?.$.name).toBe('Ann')
        await session.restore(Keeper, {})
      })
    })

    it('show a parent again that has come back', async () => {
      await world.scope(async (session) => {
        const keeper = await session.findOneOrFail(Keeper, 1)
        await session.nativeDelete(Keeper, {})
        await session.restore(Hound, { name: 'Rex' })
        const hound = await session.findOneOrFail(Hound, { name: 'Rex' }, { populate: ['keeper'] })
        expect(hound.keeper).toBeNull()
        await session.restore(Keeper, {})
        expect(hound.keeper?.$).toBe(keeper)
      })
    })
  })
}
