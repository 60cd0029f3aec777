import { bindModel } from 'limber/database'
import { pageOf, pageQuery } from 'limber/http'
import { z } from 'zod'
import { Book } from '../../models/book.ts'

const title = z.string().trim().min(1).max(200)
const id = z.int().positive()

export const bookResponse = z
  .object({
    id,
    title,
    author: z.object({ id, name: z.string() }),
  })
  .meta({ id: 'Book' })

const book = bindModel(Book, { populate: ['author'] })
const trashedBook = bindModel(Book, { populate: ['author'], withTrashed: true })
const bookBody = z.object({ title, author: id })

export const listBooks = { query: pageQuery(), response: pageOf(bookResponse) }
export const storeBook = { body: bookBody, response: bookResponse, status: 201 }
export const showBook = { bind: { book }, response: bookResponse }
export const updateBook = { bind: { book }, body: bookBody.partial(), response: bookResponse }
export const destroyBook = { bind: { book } }
export const restoreBook = { bind: { book: trashedBook }, response: bookResponse, name: 'books.restore' }
