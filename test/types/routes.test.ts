import { bindModel, Model } from 'limber/database'
import type { Ref } from 'limber/database/mapping'
import { type HttpContext, Router } from 'limber/http'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

declare module 'limber/http' {
  interface NamedRoutes {
    'types.home': '/'
    'types.book': '/authors/:author/books/:book'
  }
}

const id = z.coerce.number().int()
const bookResponse = z.object({ id: z.number(), title: z.string(), author: z.object({ name: z.string() }) })
const showBook = { params: z.object({ id }), response: bookResponse }
const storeBook = { body: z.object({ title: z.string() }), response: bookResponse }

const book = { id: 1, title: 'Emma', author: { name: 'Jane' } }

test('a wrong body field, and a wrong type of a parameter, do not compile', () => {
  const router = new Router()
  router.post('/a', ({ body }) => ({ ...book, title: body.title }), storeBook)
  // @ts-expect-error: the body has a title, and no tittle.
  router.post('/b', ({ body }) => ({ ...book, title: body.tittle }), storeBook)
  // @ts-expect-error: the id is a number.
  router.get('/c/:id', ({ params }) => ({ ...book, title: params.id.toUpperCase() }), showBook)
})

test('a missing response field, or one of another type, does not compile', () => {
  const router = new Router()
  router.get('/a/:id', () => book, showBook)
  router.get('/b/:id', async () => book, showBook)
  // @ts-expect-error: the author is missing.
  router.get('/c/:id', () => ({ id: 1, title: 'Emma' }), showBook)
  // @ts-expect-error: the same a level deeper, and later.
  router.get('/d/:id', async () => ({ id: 1, title: 'Emma', author: {} }), showBook)
  // @ts-expect-error: the title is a number.
  router.get('/e/:id', () => ({ ...book, title: 1 }), showBook)
  // @ts-expect-error: nothing is returned.
  router.get('/f/:id', () => undefined, showBook)
  class Books {
    show() {
      return { id: 1, title: 'Emma' }
    }
  }
  // @ts-expect-error: the author is missing.
  router.get('/g/:id', [Books, 'show'], showBook)
})

test('what becomes the described JSON may be returned', () => {
  const router = new Router()
  const response = z.object({ at: z.string(), count: z.string(), tags: z.array(z.string()) })
  router.get('/a', () => ({ at: new Date(), count: 12n, tags: new Set(['x']) }), { response })
  router.get('/b', () => ({ toJSON: () => ({ at: 'now', count: '1', tags: [] }) }), { response })
  // @ts-expect-error: a date is no number.
  router.get('/c', () => ({ at: 1, count: '1', tags: [] }), { response })
  router.get('/d', () => 'anything')
})

class Author extends Model {
  name!: string
}
class Book extends Model {
  title!: string
  author!: Ref<Author>
}

test('models may be returned where their properties fit', () => {
  const router = new Router()
  const aBook = () => new Book()
  router.get('/a', aBook, { response: bookResponse })
  // @ts-expect-error: books have no pages.
  router.get('/b', aBook, { response: z.object({ pages: z.number() }) })
  // @ts-expect-error: authors have no age.
  router.get('/c', aBook, { response: z.object({ author: z.object({ age: z.number() }) }) })
})

test('bound parameters are models, the others stay what they were', () => {
  const options = { params: z.object({ shelf: id, book: z.string() }), bind: { book: Book } }
  expectTypeOf<HttpContext<typeof options>['params']['book']>().toEqualTypeOf<Book>()
  expectTypeOf<HttpContext<typeof options>['params']['shelf']>().toBeNumber()
  const bound = { bind: { book: bindModel(Book, { populate: ['author'] }) } }
  expectTypeOf<HttpContext<typeof bound>['params']['book']['author']['$']['name']>().toBeString()
  // @ts-expect-error: there is no such parameter.
  type None = HttpContext<typeof bound>['params']['shelf']
  expectTypeOf<None>()
})

class BooksController {
  index() {
    return []
  }
  show({ params }: HttpContext<typeof showBook>) {
    return { ...book, id: params.id }
  }
}

test('a resource has the actions that its controller has, with schemas that fit', () => {
  const router = new Router()
  router.resource('/books/:id', BooksController, { index: {}, show: showBook })
  // @ts-expect-error: the controller cannot destroy.
  router.resource('/a/:id', BooksController, { destroy: {} })
  // @ts-expect-error: the params are missing.
  router.resource('/b/:id', BooksController, { show: { response: bookResponse } })
  // @ts-expect-error: there is no such action.
  expect(() => router.resource('/c/:id', BooksController, { list: {} })).toThrow('no action "list"')
  // @ts-expect-error: no route has such an option.
  router.resource('/d/:id', BooksController, { index: { boddy: bookResponse } })
})

test('the method of a lazy controller has to be there and to fit', () => {
  const router = new Router()
  const load = async () => ({ BooksController, PER_PAGE: 20 })
  router.get('/books', [load, 'index'])
  router.get('/books/:id', [load, 'show'], showBook)
  // @ts-expect-error: there is no such method.
  router.get('/a', [load, 'shwo'])
  // @ts-expect-error: the params are missing.
  router.get('/b/:id', [load, 'show'])
})

test('an unknown name, and a parameter that is missing or unknown, do not compile', () => {
  const router = new Router()
  const urls = () => {
    router.url('types.home')
    router.url('types.home', {}, { query: { page: 2 } })
    router.url('types.book', { author: 1, book: new Book() })
    // @ts-expect-error: there is no such route.
    router.url('types.bok', { author: 1, book: 2 })
    // @ts-expect-error: the book is missing.
    router.url('types.book', { author: 1 })
    // @ts-expect-error: all parameters are missing.
    router.url('types.book')
    // @ts-expect-error: there is no such parameter.
    router.url('types.book', { author: 1, book: 2, page: 3 })
    // @ts-expect-error: a date stands in no path.
    router.url('types.book', { author: 1, book: new Date() })
  }
  expectTypeOf(urls).toBeFunction()
})
