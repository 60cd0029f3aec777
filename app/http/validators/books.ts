import { z } from 'zod'

const title = z.string().trim().min(1).max(200)
const id = z.int().positive()

export const bookResponse = z.object({
  id,
  title,
  author: z.object({ id, name: z.string() }),
})

const params = z.object({ id: z.coerce.number().pipe(id) })

export const listBooks = {
  query: z.object({ page: z.coerce.number().pipe(id.max(1_000_000)).default(1) }),
  response: z.object({
    data: z.array(bookResponse),
    page: id,
    pages: z.int(),
    total: z.int(),
  }),
}

export const showBook = { params, response: bookResponse }
export const storeBook = { body: z.object({ title, author: id }), response: bookResponse, status: 201 }
export const updateBook = { params, body: z.object({ title, author: id }).partial(), response: bookResponse }
export const destroyBook = { params }
