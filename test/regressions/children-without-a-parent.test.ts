/**
 * Found by random work: a child whose parent was set to null stayed in the collection of the parent it had left, and was
 * removed with it.
 */
import { Model, type Session } from 'limber/database'
import {
  Cascade,
  Collection,
  Entity,
  ManyToOne,
  OneToMany,
  Property,
  type Ref,
  ref,
} from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, openWorld, type World } from '../database/soft-delete/world.ts'

@Entity()
class Crate extends Model {
  @OneToMany(
    () => Jar,
    (jar) => jar.crate,
    { cascade: [Cascade.PERSIST, Cascade.REMOVE] },
  )
  jars = new Collection<Jar>(this)
}

@Entity()
class Jar extends Model {
  @Property()
  name!: string

  @ManyToOne(() => Crate, { ref: true, nullable: true })
  crate?: Ref<Crate> | null
}

@Entity()
class Shelf extends Model {
  static override softDelete = true

  @OneToMany(
    () => Book,
    (book) => book.shelf,
    { cascade: [Cascade.PERSIST, Cascade.REMOVE] },
  )
  books = new Collection<Book>(this)
}

@Entity()
class Book extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @ManyToOne(() => Shelf, { ref: true, nullable: true })
  shelf?: Ref<Shelf> | null
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name)

for (const database of await databases()) {
  describe(database.title, () => {
    let world: World
    let keys: { readonly crate: number; readonly shelf: number }
    beforeAll(async () => {
      world = await openWorld(database, [Crate, Jar, Shelf, Book])
    })
    afterAll(() => world[Symbol.asyncDispose]())
    beforeEach(() =>
      world.scope(async (session) => {
        await session.nativeDelete(Jar, {})
        await session.nativeDelete(Book, {}, { force: true })
        const crate = session.create(Crate, { jars: [{ name: 'plums' }, { name: 'pears' }] })
        const shelf = session.create(Shelf, { books: [{ name: 'Emma' }, { name: 'Ulysses' }] })
        await session.flush()
        keys = { crate: crate.id, shelf: shelf.id }
      }),
    )
    const crateOf = (session: Session) => session.findOneOrFail(Crate, keys.crate, { populate: ['jars'] })
    const shelfOf = (session: Session) => session.findOneOrFail(Shelf, keys.shelf, { populate: ['books'] })

    it('a child without a parent has left the collection of its parent at once, and after the flush', () =>
      world.scope(async (session) => {
        const crate = await crateOf(session)
        const [plums] = crate.jars.getItems()
        if (plums) plums.crate = null
        expect(names(crate.jars.getItems())).toEqual(['pears'])
        await session.flush()
        expect(names(crate.jars.getItems())).toEqual(['pears'])
        expect(names(await crate.jars.loadItems({ refresh: true }))).toEqual(['pears'])
      }))

    it('it may come back', () =>
      world.scope(async (session) => {
        const crate = await crateOf(session)
        const [plums] = crate.jars.getItems()
        if (plums) plums.crate = null
        await session.flush()
        if (plums) plums.crate = ref(crate)
        expect(names(crate.jars.getItems())).toEqual(['pears', 'plums'])
        await session.flush()
        expect(await session.count(Jar, { crate })).toBe(2)
      }))

    it.each([true, false])(
      'it is not removed with the parent that it has left, flushed before: %s',
      async (isFlushed) => {
        await world.scope(async (session) => {
          const crate = await crateOf(session)
          const shelf = await shelfOf(session)
          session.assign(crate.jars[0] ?? crate, { crate: null })
          session.assign(shelf.books[0] ?? shelf, { shelf: null })
          if (isFlushed) await session.flush()
          session.remove(crate)
          session.remove(shelf)
        })
        await world.scope(async (session) => {
          expect(names(await session.find(Jar, {}))).toEqual(['plums'])
          expect(names(await session.find(Book, {}))).toEqual(['Emma'])
        })
      },
    )

    it('it is back in the collection when the savepoint in which it left is undone', () =>
      world.scope(async (session) => {
        const shelf = await shelfOf(session)
        const [emma] = shelf.books.getItems()
        const undone = session.transaction(async () => {
          if (emma) emma.shelf = null
          await session.flush()
          throw new Error('undone')
        })
        await expect(undone).rejects.toThrow('undone')
        expect(names(shelf.books.getItems())).toEqual(['Emma', 'Ulysses'])
        expect(emma?.shelf?.id).toBe(shelf.id)
      }))

    it('it leaves its parent also when that has been in the trash meanwhile', () =>
      world.scope(async (session) => {
        const shelf = await shelfOf(session)
        const [emma, ulysses] = shelf.books.getItems()
        session.remove(shelf)
        await session.flush()
        await session.restore(shelf)
        expect(names(shelf.books.getItems())).toEqual(['Emma', 'Ulysses'])
        if (emma) emma.shelf = null
        expect(names(shelf.books.getItems())).toEqual(['Ulysses'])
        await session.flush()
        expect(ulysses?.shelf?.id).toBe(shelf.id)
      }))
  })
}
