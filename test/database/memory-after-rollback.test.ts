import type { Application } from 'limber'
import { isTrashed, type Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const regret = new Error('regret')

async function regretting(app: Application, work: (session: Session) => unknown) {
  const scope = app.scope(async () => {
    await work(app.make('db.session'))
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
}

describe('after a rollback', () => {
  it.each(['flushed', 'pending'])('a created entity is new again: %s', async (state) => {
    const { app, rows } = await openLibrary()
    const made: Author[] = []
    await regretting(app, async (session) => {
      made.push(session.create(Author, { name: 'Ada' }))
      if (state === 'flushed') await session.flush()
    })
    const [author] = made
    if (!author) throw new Error('nothing was made')
    expect(author.id).toBeUndefined()
    await app.scope(() => void app.make('db.session').persist(author))
    expect(rows('select id, name from author order by id')).toEqual([
      { id: 1, name: 'Mary Shelley' },
      { id: 2, name: 'Ada' },
    ])
  })

  it('a trashed entity is not trashed', async () => {
    const { app } = await openLibrary()
    const seen: Book[] = []
    await regretting(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      seen.push(book)
      session.remove(book)
      await session.flush()
      expect(isTrashed(book)).toBe(true)
    })
    expect(seen.map(isTrashed)).toEqual([false])
  })

  it.each(['flushed', 'pending'])('a later session does not write what was changed: %s', async (state) => {
    const { app, rows } = await openLibrary()
    const seen: Author[] = []
    await regretting(app, async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      seen.push(author)
      author.name = 'lost'
      for (const book of author.books) book.title += ' (lost)'
      if (state === 'flushed') await session.flush()
    })
    const [author] = seen
    if (!author) throw new Error('nothing was read')
    expect([author.name, ...author.books.getItems().map(({ title }) => title)]).toEqual([
      'Mary Shelley',
      'Frankenstein',
      'The Last Man',
    ])
    await app.scope(() => {
      const session = app.make('db.session')
      session.persist(author)
      session.create(Book, { title: 'Mathilda', author })
    })
    expect(rows('select name from author')).toEqual([{ name: 'Mary Shelley' }])
    expect(rows('select title from book order by id').map(({ title }) => title)).toEqual([
      'Frankenstein',
      'The Last Man',
      'Mathilda',
    ])
  })

  it('nothing is managed any more: a new read asks the database', async () => {
    const { app } = await openLibrary()
    const scope = app.openScope()
    const work = app.scope(async (inner) => {
      const session = app.make('db.session')
      const book = await session.findOneOrFail(Book, 1)
      book.title = 'lost'
      await session.flush()
      await inner.rollback()
      const again = await session.findOneOrFail(Book, 1)
      expect([again === book, again.title]).toEqual([false, 'Frankenstein'])
    })
    await work
    await scope.close()
  })

  it('a transaction that failed to commit tells the truth as well', async () => {
    const { app, raw, rows } = await openLibrary()
    raw.exec(
      'create table note (id integer primary key, author_id integer references author (id) deferrable initially deferred)',
    )
    const made: Author[] = []
    const ending = app.scope(async () => {
      const session = app.make('db.session')
      made.push(session.create(Author, { name: 'Ada' }))
      await session.flush()
      await session.execute('insert into note (author_id) values (99)')
    })
    await expect(ending).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    expect([made[0]?.id, rows('select * from author').length]).toEqual([undefined, 1])
    await app.scope(() => app.make('db.session').insert(Author, { name: 'next' }))
    expect(rows('select * from author')).toHaveLength(2)
  })
})
