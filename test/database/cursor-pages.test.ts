import { ServiceProvider } from 'limber'
import { cursorPageOf, cursorQuery, HttpServiceProvider, paginateByCursor } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Author, Book } from './fixtures/library.ts'
import { everyDatabase } from './support/every-database.ts'
import { bootLibrary } from './support/library-application.ts'

const listBooks = {
  query: cursorQuery({ limit: 2, filters: z.object({ author: z.coerce.number().optional() }) }),
  response: cursorPageOf(z.object({ title: z.string() })),
}

class BooksServiceProvider extends ServiceProvider {
  override boot() {
    this.app.make('router').get(
      '/books',
      async ({ query, request, app }) => {
        const where = query.author === undefined ? {} : { author: query.author }
        const found = await app
          .make('db.session')
          .findByCursor(Book, { where, ...query.window, orderBy: { title: 'asc', id: 'asc' } })
        return paginateByCursor({ query, request }, found)
      },
      listBooks,
    )
  }
}

describe.each(await everyDatabase())('on $title', (database) => {
  test('a list is read on from place to place, there and back', async () => {
    const { app } = await bootLibrary({
      driver: await database.create(),
      providers: [HttpServiceProvider, BooksServiceProvider],
    })
    await app.ready(['db'])
    await app.make('db.connection').schema.create()
    await app.scope(async () => {
      const session = app.make('db.session')
      const mary = session.create(Author, { name: 'Mary' })
      for (const title of ['c', 'a', 'e', 'b', 'd']) session.create(Book, { title, author: mary })
    })
    const read = async (url: string) => {
      const { data, links, meta } = (await app.make('http').inject(url)).json()
      return { titles: data.map(({ title }: { title: string }) => title).join(''), links, meta }
    }

    const first = await read('/books?author=1')
    expect(first).toMatchObject({
      titles: 'ab',
      meta: { limit: 2, total: 5 },
      links: { first: '/books?author=1', prev: null },
    })
    expect(first.links.next).toMatch(/^\/books\?author=1&after=/)
    const second = await read(first.links.next)
    expect(second.titles).toBe('cd')
    const third = await read(second.links.next)
    expect(third).toMatchObject({ titles: 'e', links: { next: null } })
    const back = await read(third.links.prev)
    expect(back.titles).toBe('cd')
    expect((await read(back.links.prev)).titles).toBe('ab')
    // What comes in before the place that was reached is not shown twice.
    await app.make('db.connection').execute("insert into book (title, author_id) values ('aa', 1)")
    expect((await read(first.links.next)).titles).toBe('cd')
    // Deleted rows of the page before leave nothing out.
    await app.scope(() => app.make('db.session').nativeDelete(Book, { title: 'a' }))
    expect((await read(first.links.next)).titles).toBe('cd')
  })

  test('a place that is none of this list is a 422', async () => {
    const { app } = await bootLibrary({
      driver: await database.create(),
      providers: [HttpServiceProvider, BooksServiceProvider],
    })
    await app.ready(['db'])
    await app.make('db.connection').schema.create()
    const status = async (place: unknown) => {
      const after =
        typeof place === 'string' ? place : Buffer.from(JSON.stringify(place)).toString('base64url')
      const reply = await app.make('http').inject({ url: '/books', query: { after } })
      return [reply.statusCode, reply.json().code]
    }
    const malformed = [422, 'LIMBER_REQUEST_INVALID']
    expect(await status('!')).toEqual(malformed)
    expect(await status({})).toEqual(malformed)
    const foreign = [422, 'LIMBER_INVALID_CURSOR']
    expect(await status([])).toEqual(foreign)
    expect(await status(['a'])).toEqual(foreign)
    expect(await status(['a', 'b'])).toEqual(foreign)
    expect(await status(['a', { $ne: 1 }])).toEqual(foreign)
    expect(await status([{ $gt: '' }, 1])).toEqual(foreign)
    expect(await status(['a', [1, 2]])).toEqual(foreign)
    expect((await status(['a', 1]))[0]).toBe(200)
  })
})
