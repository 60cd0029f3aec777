/** @module Rows to begin with, and what happened to them. */
import { Author, Book, Chapter, Folder, Note } from './models.ts'
import type { World } from './world.ts'

/** Two authors of two books, each of two chapters with a note: keys 1 and 2 for authors, 1 to 4 for books, 1 to 8 below. */
export async function publish({ scope }: World): Promise<void> {
  await scope((session) => {
    for (const name of ['Mary', 'Jane']) {
      const author = session.create(Author, { name })
      for (const title of ['First', 'Second']) {
        const book = session.create(Book, { title: `${name} ${title}`, author })
        for (const part of ['I', 'II']) {
          const chapter = session.create(Chapter, { title: part, book })
          session.create(Note, { text: `${title} ${part}`, chapter })
        }
      }
    }
  })
}

/** root (a (aa (leaf)), b) */
export async function plant({ scope }: World): Promise<void> {
  await scope((session) => {
    const root = session.create(Folder, { name: 'root' })
    const a = session.create(Folder, { name: 'a', parent: root })
    session.create(Folder, { name: 'b', parent: root })
    session.create(Folder, { name: 'leaf', parent: session.create(Folder, { name: 'aa', parent: a }) })
  })
}

/** How many rows of a table are in the trash. */
export async function countTrashed(world: World, ...tables: string[]): Promise<number[]> {
  const counts = []
  for (const table of tables) counts.push((await world.trashed(table)).length)
  return counts
}

/** The distinct stamps in these tables, as the database spells them. */
export async function stampsIn({ sql }: World, ...tables: string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const table of tables) {
    for (const { stamp } of await sql(
      `select deleted_at as stamp from ${table} where deleted_at is not null`,
    ))
      found.add(stamp instanceof Date ? stamp.toISOString() : String(stamp))
  }
  return [...found].sort()
}
