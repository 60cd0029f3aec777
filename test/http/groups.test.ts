import { type Guard, LimberError } from 'limber'
import { type HttpContext, type Middleware, type Next, type RequestFacts, Router } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

const id = z.coerce.number().int()

class ClosedError extends LimberError {
  readonly code = 'TEST_CLOSED'
  readonly kind = 'forbidden'
}

const closed: Guard = {
  name: 'closed',
  admit() {
    throw new ClosedError('Closed.')
  },
}

const open: Guard = { name: 'open', admit: () => undefined }

class Marking implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    return `group(${await next()})`
  }
}

class MarkingToo implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    return `route(${await next()})`
  }
}

const signatures = (router: Router) => router.routes.map(({ signature }) => signature)

test('the routes of a group have its prefix, also in a group within it', () => {
  const router = new Router()
  router.group({ prefix: '/admin' }, (admin) => {
    admin.get('/', () => 'home')
    admin.get('/books', () => [])
    admin.group({ prefix: '/users' }, (users) => users.delete('/:id', () => undefined))
    admin.group({}, (same) => same.get('/same', () => 1))
  })
  router.get('/books', () => [])
  expect(signatures(router)).toEqual([
    'GET /admin',
    'GET /admin/books',
    'DELETE /admin/users/:id',
    'GET /admin/same',
    'GET /books',
  ])
})

test('names of groups stand before the names of their routes, and name nothing alone', () => {
  const router = new Router()
  router.group({ name: 'admin' }, (admin) => {
    admin.get('/a', () => 1, { name: 'a' })
    admin.get('/b', () => 1)
    admin.group({ name: 'users' }, (users) => users.get('/c', () => 1, { name: 'c' }))
  })
  expect(router.routes.map(({ options }) => options.name)).toEqual(['admin.a', undefined, 'admin.users.c'])
})

test('guards and middleware of a group come before those of its routes, and tags add up', async () => {
  const { http, app } = await withRoutes((router) => {
    router.group({ prefix: '/in', middleware: [Marking], guards: [open], tags: ['a'] }, (group) => {
      group.get('/both', () => 'both', { middleware: [MarkingToo], tags: ['b'] })
      group.get('/closed', () => 'never', { guards: [closed] })
    })
    router.get('/out', () => 'out')
  })
  expect((await http.inject('/in/both')).body).toBe('group(route(both))')
  expect((await http.inject('/in/closed')).statusCode).toBe(403)
  expect((await http.inject('/out')).body).toBe('out')
  const [both, shut] = app.make('router').routes
  expect(both?.options.tags).toEqual(['a', 'b'])
  expect(shut?.options.guards).toEqual([open, closed])
})

test('what a group says holds for its routes, unless they say otherwise', () => {
  const router = new Router()
  router.group({ bodyLimit: 10, readOnly: true, timeout: 5 }, (group) => {
    group.get('/a', () => 1)
    group.get('/b', () => 1, { readOnly: false, bodyLimit: 20 })
  })
  const [a, b] = router.routes
  expect(a?.options).toEqual({ bodyLimit: 10, readOnly: true, timeout: 5 })
  expect(b?.options).toEqual({ bodyLimit: 20, readOnly: false, timeout: 5 })
})

const listBooks = { query: z.object({ page: id.default(1) }) }
const showBook = { params: z.object({ book: id }) }

class BooksController {
  index({ query }: HttpContext<typeof listBooks>) {
    return { page: query.page }
  }
  show({ params }: HttpContext<typeof showBook>) {
    return { book: params.book }
  }
  store() {
    return { stored: true }
  }
  update({ params }: HttpContext<typeof showBook>) {
    return { updated: params.book }
  }
  destroy() {
    return undefined
  }
}

test('a resource has the routes of the actions that are given, each with its name', async () => {
  const { http, app } = await withRoutes((router) =>
    router.resource('/books/:book', BooksController, {
      index: listBooks,
      store: { status: 201 },
      show: showBook,
      update: showBook,
      destroy: {},
    }),
  )
  expect(app.make('router').routes.map(({ signature, options }) => [signature, options.name])).toEqual([
    ['GET /books', 'books.index'],
    ['POST /books', 'books.store'],
    ['GET /books/:book', 'books.show'],
    ['PATCH /books/:book', 'books.update'],
    ['DELETE /books/:book', 'books.destroy'],
  ])
  expect((await http.inject('/books?page=2')).json()).toEqual({ page: 2 })
  expect((await http.inject({ method: 'POST', url: '/books' })).statusCode).toBe(201)
  expect((await http.inject('/books/7')).json()).toEqual({ book: 7 })
  expect((await http.inject({ method: 'PATCH', url: '/books/7' })).json()).toEqual({ updated: 7 })
  expect((await http.inject({ method: 'DELETE', url: '/books/7' })).statusCode).toBe(204)
})

test('a nested resource is written out, and belongs to its group', () => {
  const router = new Router()
  router.group({ prefix: '/api', name: 'api' }, (api) =>
    api.resource('/authors/:author/books/:book', BooksController, { index: listBooks, show: showBook }),
  )
  expect(router.routes.map(({ signature, options }) => [signature, options.name])).toEqual([
    ['GET /api/authors/:author/books', 'api.authors.books.index'],
    ['GET /api/authors/:author/books/:book', 'api.authors.books.show'],
  ])
})

test('the name of an action can be another one', () => {
  const router = new Router()
  router.resource('/books/:book', BooksController, { destroy: { name: 'books.remove' } })
  expect(router.routes[0]?.options.name).toBe('books.remove')
})

test('a resource whose path has no item is refused', () => {
  expect(() => new Router().resource('/books', BooksController, { index: listBooks })).toThrow(
    expect.objectContaining({ code: 'LIMBER_INVALID_ROUTE', hint: expect.stringContaining('/books/:book') }),
  )
})

test('a resource at the root has its collection at /', () => {
  const router = new Router()
  router.resource('/:book', BooksController, { index: listBooks, show: showBook })
  expect(router.routes.map(({ signature }) => signature)).toEqual(['GET /', 'GET /:book'])
})

test('a group may say that its routes need no token against forgery', () => {
  const router = new Router()
  router.group({ csrf: false }, (hooks) => hooks.post('/hook', () => null))
  expect(router.routes[0]?.options.csrf).toBe(false)
})
