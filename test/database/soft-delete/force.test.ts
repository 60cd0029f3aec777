import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, publish } from './house.ts'
import { Author, Book, Chapter, Country, Edition, Note, Prize, Profile, Review } from './models.ts'

await describePath('force', {
  async 'forceRemove deletes the row'(world) {
    await publish(world)
    await world.scope(async (session) => void session.forceRemove(await session.findOneOrFail(Note, 1)))
    expect(await world.sql('select id from note where id = 1')).toEqual([])
    expect(await world.trashed('note')).toEqual([])
  },

  async 'forceRemove deletes a row that is in the trash'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, 1))
    await world.scope(async (session) => {
      session.forceRemove(await session.findOneOrFail(Note, 1, { withTrashed: true }))
    })
    expect(await world.sql('select id from note where id = 1')).toEqual([])
  },

  async 'forceRemove of what this session has just trashed deletes it'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const note = await session.findOneOrFail(Note, 1)
      session.remove(note)
      await session.flush()
      session.forceRemove(note)
    })
    expect(await world.sql('select id from note where id = 1')).toEqual([])
  },

  async 'of one entity leaves another in the same flush its trash'(world) {
    await publish(world)
    await world.scope(async (session) => {
      session.forceRemove(await session.findOneOrFail(Note, 1))
      session.remove(await session.findOneOrFail(Note, 2))
    })
    expect(await world.trashed('note')).toEqual([2])
    expect(await world.sql('select id from note')).toHaveLength(7)
  },

  async 'deletes the children whose foreign key cascades, in the trash or not'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Chapter, 1))
    await world.scope(async (session) => void session.forceRemove(await session.findOneOrFail(Book, 1)))
    expect(await world.sql('select id from chapter where book_id = 1')).toEqual([])
    expect(await world.sql('select id from note')).toHaveLength(6)
  },

  async 'sets the foreign keys to null that say so'(world) {
    await world.scope((session) => {
      session.create(Prize, { name: 'Hugo', author: session.create(Author, { name: 'Mary' }) })
    })
    await world.scope(async (session) => void session.forceRemove(await session.findOneOrFail(Author, 1)))
    expect(await world.sql('select author_id from prize')).toEqual([{ author_id: null }])
    expect(await world.live('prize')).toEqual([1])
  },

  async 'deletes the loaded children that the ORM removes with it'(world) {
    await publish(world)
    await world.scope(async (session) => {
      session.forceRemove(await session.findOneOrFail(Author, 1, { populate: ['books'] }))
    })
    expect(await world.sql('select id from book where author_id = 1')).toEqual([])
    expect(await world.live('book')).toEqual([3, 4])
  },

  async 'is refused by a child whose foreign key says nothing, and changes nothing'(world) {
    await publish(world)
    const refused = world.scope(
      async (session) => void session.forceRemove(await session.findOneOrFail(Author, 1)),
    )
    await expect(refused).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([0, 0, 0, 0])
    expect(await world.sql('select id from author')).toHaveLength(2)
  },

  async 'is refused by such a child in the trash as well'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Author, 1))
    const refused = world.scope((session) => session.nativeDelete(Author, 1, { force: true }))
    await expect(refused).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    expect(await countTrashed(world, 'author', 'book')).toEqual([1, 2])
  },

  async 'nativeDelete deletes rows in the trash and outside of it'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, { id: { $lte: 2 } }))
    expect(
      await world.scope((session) => session.nativeDelete(Note, { id: { $lte: 4 } }, { force: true })),
    ).toBe(4)
    expect(await world.live('note')).toEqual([5, 6, 7, 8])
    expect(await world.trashed('note')).toEqual([])
  },

  async 'nativeDelete takes a key of two columns'(world) {
    await world.scope((session) => {
      for (const number of [1, 2]) session.create(Edition, { isbn: '1', number, publisher: 'L' })
    })
    await world.scope((session) => session.nativeDelete(Edition, { isbn: '1', number: 1 }, { force: true }))
    expect(await world.sql('select number from edition')).toEqual([{ number: 2 }])
  },

  async 'nativeDelete of a hard model is as without it'(world) {
    await world.scope((session) => void session.create(Country, { name: 'Atlantis' }))
    expect(await world.scope((session) => session.nativeDelete(Country, {}, { force: true }))).toBe(1)
  },

  async 'forceDestroy deletes the row and what its foreign keys say'(world) {
    await world.scope((session) => {
      session.create(Profile, { text: 'x', author: session.create(Author, { name: 'Mary' }) })
    })
    await world.scope(async () => {
      const author = await Author.getOrFail(1)
      await author.forceDestroy()
    })
    expect(await world.sql('select id from profile')).toEqual([])
    expect(await world.sql('select id from author')).toEqual([])
  },

  async 'is undone with the scope: the entity can be removed again'(world) {
    await publish(world)
    const notes: Note[] = []
    const lost = world.scope(async (session) => {
      const note = await session.findOneOrFail(Note, 1)
      notes.push(note)
      session.forceRemove(note)
      await session.flush()
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(await world.live('note')).toHaveLength(8)
    expect(notes[0]?.text).toBe('First I')
  },

  async 'ends with the savepoint that fails: what is removed then goes to the trash'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const note = await session.findOneOrFail(Note, 1)
      const failing = session.transactional(() => {
        session.forceRemove(note)
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      session.remove(note)
    })
    expect(await world.trashed('note')).toEqual([1])
  },

  async 'ends when the entity is persisted: what is removed then goes to the trash'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const [first, second] = await session.find(Note, { id: { $lte: 2 } }, { orderBy: { id: 1 } })
      if (!first || !second) throw new Error('no notes')
      session.forceRemove(first).persist(first)
      await session.flush()
      session.remove(first)
      session.forceRemove(second).persist(second).remove(second)
    })
    expect(await world.trashed('note')).toEqual([1, 2])
  },

  async 'stays when the entity is removed once more'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const note = await session.findOneOrFail(Note, 1)
      session.forceRemove(note).remove(note)
    })
    expect(await world.sql('select id from note where id = 1')).toEqual([])
  },

  async 'that is refused ends for the loaded children as well: removed, they go to the trash'(world) {
    await publish(world)
    await world.scope(async (session) => {
      session.create(Review, { text: 'fine', book: session.getReference(Book, 1) })
    })
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      const [book] = author.books.getItems()
      if (!book) throw new Error('no book')
      const refused = session.transactional(() => void session.forceRemove(author))
      await expect(refused).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
      session.remove(book)
    })
    expect(await world.trashed('book')).toEqual([1])
    expect(await world.sql('select id from book')).toHaveLength(4)
  },
})
