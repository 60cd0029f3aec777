/** Upserts meet live rows only: what is in the trash is neither revived nor changed, and blocks nothing. */
import type { Session } from 'limber/database'
import { expect } from 'vitest'
import { describePath, STRATEGIES } from './describe-path.ts'
import { seed } from './library.ts'
import { Author, Book, Edition, Profile, Tag } from './models.ts'
import type { World } from './world.ts'

/** A live tag, and one in the trash with the name "gone". */
async function withTags({ scope }: World): Promise<void> {
  await scope((session) => {
    session.create(Tag, { name: 'gone' })
    session.create(Tag, { name: 'here' })
  })
  await scope(async (session) => void session.remove(await session.findOneOrFail(Tag, { name: 'gone' })))
}

const addAuthor = (session: Session, name: string, email: string) => session.create(Author, { name, email })

/** An author in the trash, and a live one with the same address. */
async function withAuthors({ scope }: World): Promise<void> {
  await scope((session) => void addAuthor(session, 'Old', 'a@b.c'))
  await scope((session) => session.nativeDelete(Author, {}))
  await scope((session) => void addAuthor(session, 'New', 'a@b.c'))
}

const authors = ({ sql }: World) =>
  sql('select id, name, email, deleted_at is not null as gone from author order by id')

await describePath('session.upsert()', {
  async 'keeps the foreign keys of parents in the trash that a populated entity shows as null'(world) {
    for (const strategy of STRATEGIES) {
      await world.clear()
      await seed(world)
      await world.sql('update book set editor_id = 2 where id = 1')
      const rows = () =>
        world.sql('select id, author_id, editor_id, pages from book where id <> 2 order by id')
      const before = await rows()
      await world.scope(async (session) => {
        const options = { populate: ['author', 'editor'], strategy, orderBy: { id: 'asc' } } as const
        const books = await session.find(Book, {}, options)
        expect(books.map(({ author, editor }) => [author === null, editor === null])).toEqual([
          [false, true],
          [true, false],
        ])
        for (const book of books) book.pages = 7
        const [first] = books
        if (first) await session.upsert(first)
        await session.upsertMany(books)
        expect(books.map(({ author, editor }) => [author === null, editor === null])).toEqual([
          [false, true],
          [true, false],
        ])
      })
      expect(await rows()).toEqual(before.map((row) => ({ ...row, pages: 7 })))
    }
  },

  async 'writes null for a parent that was taken away'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 3, { populate: ['editor'] })
      book.editor = null
      await session.upsert(book)
    })
    expect(await world.sql('select editor_id from book where id = 3')).toEqual([{ editor_id: null }])
  },

  async 'writes a new row when nothing has its unique value'(world) {
    const tag = await world.scope((session) => session.upsert(Tag, { name: 'x' }))
    expect(tag).toMatchObject({ id: 1, name: 'x' })
    expect(await world.live('tag', 'name')).toEqual(['x'])
  },

  async 'changes the live row that has the unique value'(world) {
    await world.scope((session) => void addAuthor(session, 'Mary', 'm@s.uk'))
    const author = await world.scope((session) =>
      session.upsert(Author, { email: 'm@s.uk', name: 'Mary Shelley' }),
    )
    expect(author).toMatchObject({ id: 1, name: 'Mary Shelley' })
    expect(await world.live('author', 'name')).toEqual(['Mary Shelley'])
  },

  async 'is not blocked by a row in the trash with the same value, and does not revive it'(world) {
    await withTags(world)
    const tag = await world.scope((session) => session.upsert(Tag, { name: 'gone' }))
    expect(tag.id).not.toBe(1)
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here'])
  },

  async 'changes the live row and not the one in the trash, when both have the value'(world) {
    await withAuthors(world)
    const author = await world.scope((session) => session.upsert(Author, { email: 'a@b.c', name: 'Newer' }))
    expect(author).toMatchObject({ id: 2, name: 'Newer' })
    expect((await authors(world)).map(({ id, name }) => [Number(id), name])).toEqual([
      [1, 'Old'],
      [2, 'Newer'],
    ])
  },

  async 'gives an entity that is live, managed, and without changes'(world) {
    await withAuthors(world)
    await world.scope(async (session) => {
      const author = await session.upsert(Author, { email: 'a@b.c', name: 'Newer' })
      expect(await session.findOne(Author, author.id)).toBe(author)
      session.getUnitOfWork().computeChangeSets()
      expect(session.getUnitOfWork().getChangeSets()).toEqual([])
    })
  },

  async 'of an entity does the same as of data'(world) {
    await withAuthors(world)
    await world.scope(async (session) => {
      const author = session.create(Author, { email: 'a@b.c', name: 'Entity' }, { persist: false })
      expect(await session.upsert(author)).toBe(author)
      expect(author.id).toBe(2)
    })
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'Entity'])
  },

  async 'meets a row by several properties that are unique together'(world) {
    await world.scope((session) => {
      session.create(Book, { title: 'Emma', author: addAuthor(session, 'Jane', 'j@a.uk'), pages: 1 })
    })
    await world.scope((session) => session.nativeDelete(Book, {}))
    const write = (pages: number) =>
      world.scope((session) => session.upsert(Book, { title: 'Emma', author: 1, pages }))
    const first = await write(2)
    const second = await write(3)
    expect(second.id).toBe(first.id)
    expect((await world.sql('select pages from book order by id')).map(({ pages }) => pages)).toEqual([1, 3])
  },

  async 'meets a row by a one-to-one that it owns'(world) {
    await world.scope((session) => {
      session.create(Profile, { text: 'old', author: addAuthor(session, 'Jane', 'j@a.uk') })
    })
    await world.scope((session) => session.nativeDelete(Profile, {}))
    await world.scope((session) => session.upsert(Profile, { author: 1, text: 'new' }))
    await world.scope((session) => session.upsert(Profile, { author: 1, text: 'newer' }))
    expect((await world.sql('select text from profile order by id')).map(({ text }) => text)).toEqual([
      'old',
      'newer',
    ])
  },

  async 'by a primary key changes the live row'(world) {
    await withTags(world)
    await world.scope((session) => session.upsert(Tag, { id: 2, name: 'there' }))
    expect(await world.live('tag', 'name')).toEqual(['there'])
  },

  async 'by a primary key that nothing has writes a new row'(world) {
    await world.scope((session) => session.upsert(Tag, { id: 70, name: 'there' }))
    expect(await world.live('tag')).toEqual([70])
  },

  async 'by the primary key of a row in the trash is refused, and changes nothing'(world) {
    await withTags(world)
    const upsert = world.scope((session) => session.upsert(Tag, { id: 1, name: 'back' }))
    await expect(upsert).rejects.toMatchObject({
      code: 'LIMBER_TRASHED_KEY',
      message: 'The Tag with id 1 is in the trash, and an upsert meets live rows only.',
    })
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
    expect(await world.live('tag', 'name')).toEqual(['here'])
  },

  async 'of a unique property is refused as well with the primary key of a row in the trash'(world) {
    await withAuthors(world)
    const row = { id: 1, email: 'new@b.c', name: 'Lost' }
    const options = { onConflictFields: ['email' as const] }
    const upsert = world.scope((session) => session.upsert(Author, row, options))
    await expect(upsert).rejects.toMatchObject({ code: 'LIMBER_TRASHED_KEY' })
    expect((await authors(world)).map(({ name }) => name)).not.toContain('Lost')
  },

  async 'of an entity with the primary key of a row in the trash is refused'(world) {
    await withTags(world)
    const upsert = world.scope((session) =>
      session.upsert(session.create(Tag, { id: 1, name: 'back' }, { persist: false })),
    )
    await expect(upsert).rejects.toMatchObject({ code: 'LIMBER_TRASHED_KEY' })
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
  },

  async 'by the primary key of a row that this session has trashed is refused'(world) {
    await withTags(world)
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Tag, 2))
      await session.flush()
      await expect(session.upsert(Tag, { id: 2, name: 'x' })).rejects.toMatchObject({
        code: 'LIMBER_TRASHED_KEY',
      })
    })
    expect(await world.trashed('tag', 'name')).toEqual(['gone', 'here'])
  },

  async 'by a key of two columns meets live rows, and is refused by the trash'(world) {
    const write = (publisher: string) =>
      world.scope((session) => session.upsert(Edition, { isbn: 'a', number: 1, publisher }))
    await write('first')
    await write('second')
    expect(await world.live('edition', 'publisher')).toEqual(['second'])
    await world.scope((session) => session.nativeDelete(Edition, {}))
    await expect(write('third')).rejects.toMatchObject({ code: 'LIMBER_TRASHED_KEY' })
    expect(await world.trashed('edition', 'publisher')).toEqual(['second'])
  },

  async 'takes the fields of the conflict that the caller gives'(world) {
    await withAuthors(world)
    const options = { onConflictFields: ['email' as const] }
    const author = await world.scope((session) =>
      session.upsert(Author, { email: 'a@b.c', name: 'Given' }, options),
    )
    expect(author.id).toBe(2)
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'Given'])
  },

  async 'takes the fields of a conflict over several properties in any order'(world) {
    await world.scope((session) => {
      session.create(Book, { title: 'Emma', author: addAuthor(session, 'Jane', 'j@a.uk'), pages: 1 })
    })
    await world.scope((session) =>
      session.upsert(Book, { title: 'Emma', author: 1, pages: 5 }, { onConflictFields: ['title', 'author'] }),
    )
    expect((await world.sql('select pages from book')).map(({ pages }) => pages)).toEqual([5])
  },

  async 'leaves the live row as it is with onConflictAction "ignore", and gives it'(world) {
    await withAuthors(world)
    const author = await world.scope((session) =>
      session.upsert(Author, { email: 'a@b.c', name: 'Ignored' }, { onConflictAction: 'ignore' }),
    )
    expect(author).toMatchObject({ id: 2, name: 'New' })
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'New'])
  },

  async 'with onConflictAction "ignore" is not held back by the trash'(world) {
    await withTags(world)
    const tag = await world.scope((session) =>
      session.upsert(Tag, { name: 'gone' }, { onConflictAction: 'ignore' }),
    )
    expect(tag.id).not.toBe(1)
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here'])
  },

  async 'writes only the fields that onConflictMergeFields names'(world) {
    await world.scope((session) => {
      session.create(Book, { title: 'Emma', author: addAuthor(session, 'Jane', 'j@a.uk'), pages: 1 })
      addAuthor(session, 'Editor', 'e@d.uk')
    })
    const book = await world.scope((session) =>
      session.upsert(
        Book,
        { title: 'Emma', author: 1, pages: 9, editor: 2 },
        { onConflictFields: ['author', 'title'], onConflictMergeFields: ['pages'] },
      ),
    )
    expect(book).toMatchObject({ id: 1, pages: 9 })
    const [row] = await world.sql('select pages, editor_id as editor from book')
    expect(row).toEqual({ pages: 9, editor: null })
    expect(book.editor ?? null).toBeNull()
  },

  async 'leaves out the fields that onConflictExcludeFields names'(world) {
    await withAuthors(world)
    const author = await world.scope((session) =>
      session.upsert(Author, { email: 'a@b.c', name: 'Excluded' }, { onConflictExcludeFields: ['name'] }),
    )
    expect(author).toMatchObject({ id: 2, name: 'New' })
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'New'])
  },

  async 'is undone when its scope fails'(world) {
    await withTags(world)
    const lost = world.scope(async (session) => {
      await session.upsert(Tag, { name: 'gone' })
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(await world.live('tag', 'name')).toEqual(['here'])
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
  },

  async 'inside of db.transaction is undone with it alone'(world) {
    await withTags(world)
    await world.scope(async (session) => {
      await session.upsert(Tag, { name: 'kept' })
      const inner = world.app.make('db').transaction(async (own) => {
        await own.upsert(Tag, { name: 'gone' })
        throw new Error('inner')
      })
      await expect(inner).rejects.toThrow('inner')
    })
    expect(await world.live('tag', 'name')).toEqual(['here', 'kept'])
  },

  async 'works in a session outside of every scope'(world) {
    await withAuthors(world)
    await using session = world.app.make('db').openSession()
    expect(await session.upsert(Author, { email: 'a@b.c', name: 'Free' })).toMatchObject({ id: 2 })
    await expect(session.upsert(Author, { id: 1, name: 'x' })).rejects.toMatchObject({
      code: 'LIMBER_TRASHED_KEY',
    })
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'Free'])
  },

  async 'works without an identity map'(world) {
    await withAuthors(world)
    const author = await world.scope((session) =>
      session.upsert(Author, { email: 'a@b.c', name: 'Fork' }, { disableIdentityMap: true }),
    )
    expect(author.id).toBe(2)
    expect((await authors(world)).map(({ name }) => name)).toEqual(['Old', 'Fork'])
  },
})
