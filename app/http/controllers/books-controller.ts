import { inject, injectable } from 'limber'
import type { Session } from 'limber/database'
import { ref } from 'limber/database/mapping'
import { type HttpContext, paginate } from 'limber/http'
import { Author } from '../../models/author.ts'
import { Book } from '../../models/book.ts'
import type {
  destroyBook,
  listBooks,
  restoreBook,
  showBook,
  storeBook,
  updateBook,
} from '../validators/books.ts'

@injectable()
export class BooksController {
  constructor(@inject('db.session') private readonly session: Session) {}

  async index(context: HttpContext<typeof listBooks>) {
    const { perPage: limit, offset } = context.query
    const found = await this.session.findAndCount(
      Book,
      {},
      { populate: ['author'], orderBy: { id: 'asc' }, limit, offset },
    )
    return paginate(context, found)
  }

  show({ params: { book } }: HttpContext<typeof showBook>) {
    return book
  }

  async store({ body }: HttpContext<typeof storeBook>) {
    const author = await this.session.findOneOrFail(Author, body.author)
    return this.session.create(Book, { title: body.title, author })
  }

  async update({ params: { book }, body }: HttpContext<typeof updateBook>) {
    if (body.title !== undefined) book.title = body.title
    if (body.author !== undefined) book.author = ref(await this.session.findOneOrFail(Author, body.author))
    return book
  }

  destroy({ params: { book } }: HttpContext<typeof destroyBook>) {
    this.session.remove(book)
  }

  async restore({ params: { book } }: HttpContext<typeof restoreBook>) {
    await this.session.restore(book)
    return book
  }
}
