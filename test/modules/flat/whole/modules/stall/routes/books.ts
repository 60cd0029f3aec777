import { injectable } from 'limber'
import type { EventContext, HttpContext, Router } from 'limber/http'
import { z } from 'zod'
import { Author } from '../models/author.ts'
import { Book } from '../models/book.ts'
import { Basket, Pen } from '../services.ts'

const round: number = 0

const showBook = { bind: { book: Book }, name: 'stall.books.show' }
const storeBook = { body: z.object({ name: z.string() }) }

/** Nobody binds it. */
@injectable()
export class BooksController {
  constructor(
    readonly basket: Basket,
    readonly pen: Pen,
  ) {}

  async store({ body }: HttpContext<typeof storeBook>) {
    const author = await Author.create({ name: body.name })
    const book = await Book.create({ author })
    await this.basket.session.flush()
    return { id: book.id, edition: book.edition }
  }

  async show({ params }: HttpContext<typeof showBook>) {
    const [author] = await Author.filter({ books: params.book }, { populate: ['books'] })
    const books = author?.books.length
    await author?.destroy()
    return { round, deep: this.basket.stock.pen.ink.round, books }
  }
}

/** Lasts until the module is unloaded. */
async function* events({ signal }: EventContext) {
  yield { data: String(round) }
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

export default (router: Router) => {
  router.post('/stall/books', [BooksController, 'store'], storeBook)
  router.get('/stall/books/:book', [BooksController, 'show'], showBook)
  router.get('/stall/round', () => ({ round }))
  router.sse('/stall/events', events)
}
