import { inject, injectable } from 'limber'
import type { Session } from 'limber/database'
import { ref } from 'limber/database/mapping'
import type { HttpContext } from 'limber/http'
import { Author } from '../../models/author.ts'
import { Book } from '../../models/book.ts'
import type { destroyBook, listBooks, showBook, storeBook, updateBook } from '../validators/books.ts'

const PER_PAGE = 20

@injectable()
export class BooksController {
  constructor(@inject('db.session') private readonly session: Session) {}

  async index({ query: { page } }: HttpContext<typeof listBooks>) {
    const [data, total] = await this.session.findAndCount(
      Book,
      {},
      { populate: ['author'], orderBy: { id: 'asc' }, limit: PER_PAGE, offset: (page - 1) * PER_PAGE },
    )
    return { data, page, pages: Math.ceil(total / PER_PAGE), total }
  }

  show({ params }: HttpContext<typeof showBook>) {
    return this.session.findOneOrFail(Book, params.id, { populate: ['author'] })
  }

  async store({ body }: HttpContext<typeof storeBook>) {
    const author = await this.session.findOneOrFail(Author, body.author)
    return this.session.create(Book, { title: body.title, author })
  }

  async update({ params, body }: HttpContext<typeof updateBook>) {
    const book = await this.session.findOneOrFail(Book, params.id, { populate: ['author'] })
    if (body.title !== undefined) book.title = body.title
    if (body.author !== undefined) book.author = ref(await this.session.findOneOrFail(Author, body.author))
    return book
  }

  async destroy({ params }: HttpContext<typeof destroyBook>) {
    const book = await this.session.findOneOrFail(Book, params.id)
    this.session.remove(book)
  }

  async restore({ params }: HttpContext<typeof showBook>) {
    const book = await this.session.findOneOrFail(Book, params.id, {
      populate: ['author'],
      withTrashed: true,
    })
    await this.session.restore(book)
    return book
  }
}
