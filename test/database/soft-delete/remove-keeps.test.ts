/** What a removal leaves alone: foreign keys, rows that link, and rows of others. */
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, publish, stampsIn } from './house.ts'
import { Author, Book, Chapter, Country, Prize, Profile, Tag } from './models.ts'

await describePath('session.remove()', {
  async 'leaves what was in the trash before with its own stamp'(world) {
    await publish(world)
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Chapter, 1)))
    const before = await stampsIn(world, 'chapter')
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Author, 1)))
    expect(await stampsIn(world, 'note')).toHaveLength(2)
    expect(await stampsIn(world, 'chapter')).toEqual(expect.arrayContaining(before))
    expect(await countTrashed(world, 'chapter', 'note')).toEqual([4, 4])
  },

  async 'never severs a foreign key, whether it may be null or not, loaded or not'(world) {
    await world.scope((session) => {
      const author = session.create(Author, { name: 'Mary' })
      const editor = session.create(Author, { name: 'Percy' })
      session.create(Book, { title: 'Frankenstein', author, editor })
      session.create(Prize, { name: 'Hugo', author: editor })
      session.create(Prize, { name: 'Nebula', author: editor })
    })
    await world.scope(async (session) => {
      const editor = await session.findOneOrFail(Author, { name: 'Percy' }, { populate: ['prizes'] })
      await session.findOneOrFail(Book, 1)
      session.remove(editor)
    })
    const editor = (await world.trashed('author'))[0]
    expect(await world.sql('select editor_id as id from book')).toEqual([{ id: editor }])
    expect(await world.sql('select distinct author_id as id from prize')).toEqual([{ id: editor }])
    expect(await world.trashed('prize')).toEqual([])
  },

  async 'keeps the rows that link it to many'(world) {
    await world.scope((session) => {
      const book = session.create(Book, { title: 'Emma', author: session.create(Author, { name: 'Jane' }) })
      book.tags.add(session.create(Tag, { name: 'novel' }), session.create(Tag, { name: 'love' }))
    })
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['tags.books'] })
      session.remove(book)
      session.remove(await session.findOneOrFail(Tag, { name: 'love' }))
    })
    expect(await world.sql('select count(*) as n from book_tags').then((rows) => Number(rows[0]?.n))).toBe(2)
  },

  async 'keeps the row when one of the same unique key is created in the same flush'(world) {
    await world.scope(
      (session) =>
        void session.create(Profile, { text: 'old', author: session.create(Author, { name: 'Mary' }) }),
    )
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Profile, 1))
      session.create(Profile, { text: 'new', author: await session.findOneOrFail(Author, 1) })
    })
    expect(await world.live('profile', 'text')).toEqual(['new'])
    expect(await world.trashed('profile', 'text')).toEqual(['old'])
    expect(await world.sql('select author_id from profile')).toEqual([{ author_id: 1 }, { author_id: 1 }])
  },

  async 'drops the edits of what it removes'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      book.title = 'Changed'
      session.remove(book)
      await session.flush()
      expect(book.title).toBe('Mary First')
    })
    expect(await world.sql('select title from book where id = 1')).toEqual([{ title: 'Mary First' }])
  },

  async 'leaves a hard parent and its other children alone'(world) {
    await world.scope((session) => {
      const country = session.create(Country, { name: 'England' })
      for (const name of ['Mary', 'Jane']) session.create(Author, { name, country })
    })
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Author, { name: 'Mary' })),
    )
    expect(await world.sql('select name from country')).toEqual([{ name: 'England' }])
    expect(await world.live('author', 'name')).toEqual(['Jane'])
  },
})
