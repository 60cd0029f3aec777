import { type HttpContext, Router } from 'limber/http'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const bookParams = z.object({ id: z.coerce.number().int() })
const storeBook = {
  body: z.object({ title: z.string() }),
  query: z.object({ dry: z.stringbool() }),
  status: 201,
}

class BooksController {
  readonly shelf = 'A'
  index() {
    return []
  }
  show({ params }: HttpContext<typeof bookParams>) {
    return params.id
  }
  store({ body }: HttpContext<typeof storeBook>) {
    return body.title
  }
}

test('a context is typed by the schema of its params, or by an object of schemas', () => {
  expectTypeOf<HttpContext<typeof bookParams>['params']>().toEqualTypeOf<{ id: number }>()
  expectTypeOf<HttpContext<typeof storeBook>['body']>().toEqualTypeOf<{ title: string }>()
  expectTypeOf<HttpContext<typeof storeBook>['query']>().toEqualTypeOf<{ dry: boolean }>()
})

test('what has no schema is unknown', () => {
  expectTypeOf<HttpContext['params']>().toBeUnknown()
  expectTypeOf<HttpContext<typeof bookParams>['body']>().toBeUnknown()
  expectTypeOf<HttpContext<typeof storeBook>['params']>().toBeUnknown()
})

test('a function is typed by the schemas beside it', () => {
  new Router().post(
    '/books/:id',
    ({ params, body, query }) => {
      expectTypeOf(params).toEqualTypeOf<{ id: number }>()
      expectTypeOf(body).toEqualTypeOf<{ title: string }>()
      expectTypeOf(query).toBeUnknown()
    },
    { params: bookParams, body: storeBook.body },
  )
})

test('a controller takes what the schemas give, and may take less', () => {
  const router = new Router()
  router.get('/books', [BooksController, 'index'])
  router.get('/books/:id', [BooksController, 'show'], { params: bookParams, query: storeBook.query })
  router.post('/books', [BooksController, 'store'], storeBook)
  router.put('/books', [BooksController, 'index'], { ...storeBook, params: bookParams })
})

test('what does not fit does not compile', () => {
  const router = new Router()
  const textParams = z.object({ id: z.string() })
  // @ts-expect-error: the method wants a number, the schema gives a text.
  router.get('/a/:id', [BooksController, 'show'], { params: textParams })
  // @ts-expect-error: the method wants params, the route has no schema for them.
  router.get('/b/:id', [BooksController, 'show'])
  // @ts-expect-error: the schema stands under another name.
  router.post('/c', [BooksController, 'store'], { query: storeBook.query, params: storeBook.body })
  // @ts-expect-error: there is no such method.
  router.get('/d', [BooksController, 'shwo'])
  // @ts-expect-error: that is not a method.
  router.get('/e', [BooksController, 'shelf'])
  // @ts-expect-error: no route has such a schema.
  router.get('/f', [BooksController, 'index'], { parms: bookParams })
  // @ts-expect-error: no route has such a schema, also beside one that it has.
  router.get('/g', [BooksController, 'index'], { params: bookParams, boddy: bookParams })
  // @ts-expect-error: the function wants a number, the schema gives a text.
  router.get('/h/:id', ({ params }: HttpContext<typeof bookParams>) => params.id, { params: textParams })
  // @ts-expect-error: without a schema the params are unknown.
  router.get('/i/:id', ({ params }) => params.id)
})
