/** @module Rows to read: live ones whose parents, children and siblings are in the trash. */
import { Author, Book, Chapter, Country, Prize, Profile, Review, Tag } from './models.ts'
import type { World } from './world.ts'

const NOW = { sqlite: 'unixepoch() * 1000', postgres: 'now()', mysql: 'now(3)' }

/** Trashes a row where no session sees it. */
export async function trashRow(world: World, table: string, id: number): Promise<void> {
  const stamp = NOW[world.dialect]
  await world.sql(`update ${table} set deleted_at = ${stamp} where id = ${id}`)
}

/**
 * - Countries: 1 England of Mary, 2 Italy of Percy.
 * - Authors: 1 Mary, 2 Percy who is in the trash. Each has a profile of the same number, and that of Mary is in the trash.
 * - Books: 1 Frankenstein and 2 Valperga of Mary, the latter in the trash; 3 Queen Mab of Percy, edited by Mary.
 * - Tags: 1 horror and 2 poem, which is in the trash, both of the books 1 and 3.
 * - Prizes: 1 of Mary, 2 of Percy, 3 of nobody. Reviews: 1 of book 1, 2 of book 2. Chapters: 1 and 2 of book 1, the latter in the trash.
 */
export async function seed(world: World): Promise<void> {
  await world.scope(async (session) => {
    const [england, italy] = ['England', 'Italy'].map((name) => session.create(Country, { name }))
    await session.flush()
    const mary = session.create(Author, { name: 'Mary', email: 'm@shelley', country: england ?? null })
    const percy = session.create(Author, { name: 'Percy', country: italy ?? null })
    await session.flush()
    for (const author of [mary, percy]) session.create(Profile, { text: `about ${author.name}`, author })
    const first = session.create(Book, { title: 'Frankenstein', pages: 280, author: mary })
    const second = session.create(Book, { title: 'Valperga', pages: 500, author: mary })
    const third = session.create(Book, { title: 'Queen Mab', pages: 60, author: percy, editor: mary })
    const tags = ['horror', 'poem'].map((name) => session.create(Tag, { name }))
    await session.flush()
    for (const book of [first, third]) book.tags.add(tags)
    for (const author of [mary, percy, null]) session.create(Prize, { name: 'a prize', author })
    for (const book of [first, second]) session.create(Review, { text: `of ${book.title}`, book })
    for (const title of ['One', 'Two']) session.create(Chapter, { title, book: first })
  })
  await trashRow(world, 'author', 2)
  await trashRow(world, 'profile', 1)
  await trashRow(world, 'book', 2)
  await trashRow(world, 'tag', 2)
  await trashRow(world, 'chapter', 2)
}

/** The keys of entities, in the order that they came in. */
export const ids = (entities: readonly { id: number }[]): number[] => entities.map(({ id }) => id)

/** The foreign keys of the books, as `seed` writes them. */
export const UNTOUCHED = [
  { id: 1, author_id: 1, editor_id: null },
  { id: 2, author_id: 1, editor_id: null },
  { id: 3, author_id: 2, editor_id: 1 },
]
