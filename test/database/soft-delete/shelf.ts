/** @module A few rows to ask query builders for. */
import type { Session } from 'limber/database'
import { Author, Book, Chapter, Note, Tag } from './models.ts'
import type { World } from './world.ts'

/** Mary (1) wrote Frankenstein (1) and The Last Man (2), Jane (2) wrote Emma (3). */
export async function fillShelf({ scope }: World): Promise<void> {
  await scope(async (session) => {
    const mary = session.create(Author, { name: 'Mary', email: 'mary@example.com' })
    const jane = session.create(Author, { name: 'Jane', email: 'jane@example.com' })
    await session.flush()
    for (const [title, author, pages] of [
      ['Frankenstein', mary, 280],
      ['The Last Man', mary, 470],
      ['Emma', jane, 500],
    ] as const) {
      session.create(Book, { title, author, pages })
      await session.flush()
    }
  })
}

/** Two chapters of Frankenstein (1, 2) and one of Emma (3), and a note to the first of each. */
export async function fillChapters({ scope }: World): Promise<void> {
  await scope(async (session) => {
    for (const [title, book] of [
      ['Letters', 1],
      ['The Monster', 1],
      ['The Ball', 3],
    ] as const) {
      const chapter = session.create(Chapter, { title, book: session.getReference(Book, book) })
      await session.flush()
      if (chapter.id === 2) continue
      session.create(Note, { text: `On ${title}`, chapter })
      await session.flush()
    }
  })
}

/** Frankenstein is horror (1) and classic (2), Emma classic, The Last Man nothing. */
export async function fillTags({ scope }: World): Promise<void> {
  await scope(async (session) => {
    for (const name of ['horror', 'classic']) {
      session.create(Tag, { name })
      await session.flush()
    }
  })
  await tag(1, 1)
  await tag(1, 2)
  await tag(3, 2)
  async function tag(book: number, id: number) {
    await scope(async (session) => {
      const { tags } = await session.findOneOrFail(Book, book, { populate: ['tags'] })
      tags.add(session.getReference(Tag, id))
    })
  }
}

/** Puts rows in the trash without a word to any session. */
export async function trash({ sql }: World, table: string, ...ids: number[]): Promise<void> {
  const stamp = '2020-01-02 03:04:05.678'
  for (const id of ids) await sql(`update ${table} set deleted_at = ${at(stamp)} where id = ${id}`)
}

function at(stamp: string): string {
  return `'${stamp}'`
}

/** The titles of books that a session gives, in order. */
export function titles(books: readonly { title: string }[]): string[] {
  return books.map(({ title }) => title).sort()
}

export type Ask<T> = (session: Session) => Promise<T>
