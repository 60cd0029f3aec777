import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book } from './models.ts'

await describePath('session.remove()', {
  async 'keeps the row, and stamps it with the time'({ scope, sql }) {
    await scope((session) => {
      session.create(Book, { title: 'Frankenstein', author: session.create(Author, { name: 'Mary' }) })
    })
    await scope(async (session) => void session.remove(await session.findOneOrFail(Book, 1)))
    const [row] = await sql('select deleted_at from book')
    expect(row?.deleted_at).toBeTruthy()
  },
})
