/** The ways in which a model says that something is unique, and what each comes to among live rows. */
import { Model } from 'limber/database'
import { Embeddable, Embedded, Entity, Property, types, Unique } from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from './world.ts'

const stamped = { type: types.datetime, length: 3, nullable: true } as const

@Embeddable()
class Place {
  @Property({ nullable: true, length: 20 })
  code?: string

  @Property({ nullable: true, length: 20 })
  city?: string
}

abstract class Slugged extends Model {
  @Property({ unique: true, length: 50 })
  slug!: string
}

@Entity()
@Unique({ name: 'one_of_a_kind', properties: ['kind', 'number'] })
@Unique({ properties: ['place.code'] })
@Unique({ name: 'ever', properties: ['serial'], withTrashed: true })
class Piece extends Slugged {
  static override softDelete = true

  @Property({ nullable: true, length: 20 })
  kind?: string | null

  @Property({ type: types.integer, nullable: true })
  number?: number | null

  @Property({ nullable: true, length: 20 })
  serial?: string | null

  @Property({ nullable: true, length: 20 })
  @Unique({ withTrashed: true })
  tag?: string | null

  @Property({ nullable: true, unique: 'the_only_nickname', length: 20 })
  nickname?: string | null

  @Embedded(() => Place, { nullable: true })
  place?: Place | null

  @Property({ ...stamped, fieldName: 'gone_at' })
  deletedAt?: Date | null
}

@Entity({ discriminatorColumn: 'type', discriminatorMap: { animal: 'Animal', dog: 'Dog', cat: 'Cat' } })
class Animal extends Model {
  static override softDelete = true

  @Property({ unique: true, length: 50 })
  name!: string
}

@Entity()
class Dog extends Animal {
  @Property({ unique: true, nullable: true, length: 50 })
  chip?: string | null
}

@Entity()
class Cat extends Animal {}

/** What a model says itself is left as it is. */
@Entity()
@Unique({ properties: ['code', 'deletedAt'] })
class Own extends Model {
  static override softDelete = true

  @Property({ length: 20 })
  code!: string

  @Property(stamped)
  deletedAt?: Date | null
}

const TAKEN = { code: 'LIMBER_UNIQUE_VIOLATION' }

for (const database of await databases()) {
  describe(`on ${database.title}`, () => {
    let world: World
    let count = 0
    beforeAll(async () => {
      world = await openWorld(database, [Piece, Animal, Dog, Cat, Own])
    })
    beforeEach(() => world.clear())
    afterAll(() => world[Symbol.asyncDispose]())

    const add = (data: Partial<Piece>) =>
      world.scope((session) => void session.create(Piece, { slug: `s${++count}`, ...data }))
    const trashAll = (model: typeof Piece | typeof Animal | typeof Own) =>
      world.scope((session) => session.nativeDelete<object>(model, {}))
    const isFreeInTrash = async (data: Partial<Piece>) => {
      await add(data)
      await expect(add(data)).rejects.toMatchObject(TAKEN)
      await trashAll(Piece)
      await add(data)
      await expect(add(data)).rejects.toMatchObject(TAKEN)
    }

    it('a unique property of a base class, with a stamp in a column of another name', () =>
      isFreeInTrash({ slug: 'x' }))

    it('a unique property whose index has a name', () => isFreeInTrash({ nickname: 'x' }))

    it('several that are unique together, under a name', async () => {
      await isFreeInTrash({ kind: 'a', number: 1 })
      await add({ kind: 'a', number: 2 })
      await add({ kind: 'a', number: null })
      await add({ kind: 'a', number: null })
    })

    it('a property of an embedded object', () => isFreeInTrash({ place: { code: 'x' } }))

    it('withTrashed keeps a value taken by rows in the trash, on a property and over a model', async () => {
      await add({ serial: 'x' })
      await add({ tag: 'x' })
      await trashAll(Piece)
      await expect(add({ serial: 'x' })).rejects.toMatchObject({ ...TAKEN, key: { properties: ['serial'] } })
      await expect(add({ tag: 'x' })).rejects.toMatchObject({ ...TAKEN, key: { properties: ['tag'] } })
    })

    it('an upsert by a value that the trash keeps taken is refused', async () => {
      await add({ serial: 'x' })
      await trashAll(Piece)
      const options = { onConflictFields: ['serial' as const] }
      const upsert = world.scope((session) => session.upsert(Piece, { serial: 'x', slug: 'y' }, options))
      await expect(upsert).rejects.toMatchObject({
        code: 'LIMBER_TRASHED_KEY',
        message: 'The Piece with serial x is in the trash, and an upsert meets live rows only.',
      })
    })

    it('an upsert meets a row by the first unique property that it has a value for', async () => {
      await add({ nickname: 'x', slug: 'old' })
      await trashAll(Piece)
      await add({ nickname: 'x', slug: 'new' })
      const piece = await world.scope((session) =>
        session.upsert(Piece, { nickname: 'x', slug: 'new', kind: 'k' }),
      )
      expect(piece).toMatchObject({ slug: 'new', kind: 'k' })
      const rows = await world.sql('select slug, kind from piece order by id')
      expect(rows.map(({ slug, kind }) => [slug, kind])).toEqual([
        ['old', null],
        ['new', 'k'],
      ])
    })

    it('a property of the root of several kinds in one table', async () => {
      const addAs = (model: typeof Dog | typeof Cat, name: string) =>
        world.scope((session) => void session.create<Animal>(model, { name }))
      await addAs(Dog, 'x')
      await expect(addAs(Cat, 'x')).rejects.toMatchObject(TAKEN)
      await trashAll(Animal)
      await addAs(Cat, 'x')
      await expect(addAs(Dog, 'x')).rejects.toMatchObject(TAKEN)
    })

    it('a property of one of several kinds in one table', async () => {
      const addDog = (name: string, chip: string | null) =>
        world.scope((session) => void session.create(Dog, { name, chip }))
      await addDog('a', 'x')
      await expect(addDog('b', 'x')).rejects.toMatchObject({ ...TAKEN, key: { properties: ['chip'] } })
      await trashAll(Animal)
      await addDog('c', 'x')
      await addDog('d', null)
      await addDog('e', null)
      expect(await world.live('animal', 'name')).toEqual(['c', 'd', 'e'])
    })

    // The ORM writes a condition into such an upsert that MySQL does not know, whether the model is soft-deleted or not.
    const hasConditions = !/MariaDB/.test(database.title)
    it.runIf(hasConditions)('an upsert of one of several kinds in one table meets live rows', async () => {
      await world.scope((session) => void session.create(Dog, { name: 'a', chip: 'x' }))
      await trashAll(Animal)
      const write = (name: string) => world.scope((session) => session.upsert(Dog, { chip: 'x', name }))
      await write('b')
      await write('c').catch((error: unknown) => expect(error).toMatchObject(TAKEN))
      expect(await world.trashed('animal', 'name')).toEqual(['a'])
      expect(await world.live('animal')).toHaveLength(1)
    })

    it('an index over the stamp itself is left as the model has it', async () => {
      const insert = () => world.sql("insert into own (code, deleted_at) values ('x', '2026-01-01 00:00:00')")
      await insert()
      await expect(insert()).rejects.toMatchObject(TAKEN)
      await world.sql("insert into own (code) values ('x')")
      await world.sql("insert into own (code) values ('x')")
    })

    it('the schema has nothing to change', async () => {
      const sql = await world.app.make('db.connection').schema.getUpdateSchemaSQL({ wrap: false })
      expect(sql).not.toMatch(/index|unique|_live/i)
    })
  })
}
