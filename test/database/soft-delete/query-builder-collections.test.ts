/** Collections with rows in the trash, as query builders see them. */
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Book } from './models.ts'
import { fillChapters, fillShelf, fillTags, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'give collections without the trash, which stay as they are in the database'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 1)
    await world.scope(async (session) => {
      const [book] = await session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect('b.tags', 't')
        .where({ 'b.id': 1 })
        .getResultList()
      expect(book?.tags.getItems().map(({ name }) => name)).toEqual(['classic'])
    })
    expect(await world.sql('select * from book_tags where book_id = 1')).toHaveLength(2)
  },

  async 'have conditions on children that the trash does not fulfil'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 3)
    await world.scope(async (session) => {
      expect(
        titles(
          await session
            .qb(Book)
            .where({ chapters: { title: 'The Ball' } })
            .getResultList(),
        ),
      ).toEqual([])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ chapters: { title: 'Letters' } })
            .getResultList(),
        ),
      ).toEqual(['Frankenstein'])
    })
  },

  async 'have `$some`, `$none` and `$every` of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1, 3)
    await world.scope(async (session) => {
      const of = async (condition: object) =>
        titles(await session.qb(Book).where({ chapters: condition }).getResultList())
      expect(await of({ $some: { title: { $like: '%' } } })).toEqual(['Frankenstein'])
      expect(await of({ $some: { title: 'Letters' } })).toEqual([])
      expect(await of({ $none: { title: 'The Ball' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
      expect(await of({ $every: { title: 'The Monster' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
    })
  },

  async 'have a `$size` of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    await world.scope(async (session) => {
      const of = async (size: number) =>
        titles(
          await session
            .qb(Book)
            .where({ chapters: { $size: size } })
            .getResultList(),
        )
      expect(await of(0)).toEqual(['The Last Man'])
      expect(await of(1)).toEqual(['Emma', 'Frankenstein'])
      expect(await of(2)).toEqual([])
    })
  },

  async 'have `$some`, `$none` and `$size` over a table between'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      const of = async (condition: object) =>
        titles(await session.qb(Book).where({ tags: condition }).getResultList())
      expect(await of({ $some: { name: 'classic' } })).toEqual([])
      expect(await of({ $some: { name: 'horror' } })).toEqual(['Frankenstein'])
      expect(await of({ $none: { name: 'classic' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
      expect(await of({ $size: 1 })).toEqual(['Frankenstein'])
      expect(await of({ $size: 0 })).toEqual(['Emma', 'The Last Man'])
    })
  },

  async 'have nested collection operators of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const find = () =>
      world.scope(async (session) =>
        titles(
          await session
            .qb(Book)
            .where({ chapters: { $some: { notes: { $some: { text: { $like: 'On%' } } } } } })
            .getResultList(),
        ),
      )
    expect(await find()).toEqual(['Emma', 'Frankenstein'])
    await trash(world, 'note', 1)
    expect(await find()).toEqual(['Emma'])
    await trash(world, 'chapter', 3)
    expect(await find()).toEqual([])
  },

  async 'have conditions on the key of what is over a table between that the trash does not fulfil'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      expect(titles(await session.qb(Book).where({ tags: 2 }).getResultList())).toEqual([])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ tags: [1, 2] })
            .getResultList(),
        ),
      ).toEqual(['Frankenstein'])
      expect(await session.qb(Book).withTrashed().where({ tags: 2 }).getCount()).toBe(2)
    })
  },
})
