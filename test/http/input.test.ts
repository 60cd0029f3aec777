import type { HttpContext } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

const schemas = {
  params: z.object({ id: z.coerce.number().int() }),
  query: z.object({ page: z.coerce.number().int().default(1) }),
  body: z.object({ title: z.string(), tags: z.array(z.string()).default([]) }),
}

const books = (http = {}) =>
  withRoutes(
    (router) =>
      router.put(
        '/books/:id',
        ({ params, query, body }: HttpContext<typeof schemas>) => ({ params, query, body }),
        schemas,
      ),
    { http },
  )

const json = { 'content-type': 'application/json' }

test('input arrives as its schemas make it', async () => {
  const { http } = await books()
  const payload = { title: 'Emma', price: 3 }
  const reply = await http.inject({ method: 'PUT', url: '/books/7', payload })
  expect(reply.json()).toEqual({ params: { id: 7 }, query: { page: 1 }, body: { title: 'Emma', tags: [] } })
})

test('all faults of params, query and body come in one answer', async () => {
  const { http } = await books()
  const payload = { title: 3, tags: ['a', 4] }
  const reply = await http.inject({ method: 'PUT', url: '/books/seven?page=x', payload })
  expect(reply.statusCode).toBe(422)
  expect(reply.headers['content-type']).toMatch('application/problem+json')
  const problem = reply.json()
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    code: 'LIMBER_REQUEST_INVALID',
    detail: 'The request has 4 faults.',
    requestId: expect.any(String),
  })
  expect(problem.errors.map((fault: { path: string }) => fault.path)).toEqual([
    'params.id',
    'query.page',
    'body.title',
    'body.tags.1',
  ])
})

test('a missing body is a fault like any other', async () => {
  const { http } = await books()
  const reply = await http.inject({ method: 'PUT', url: '/books/7' })
  expect(reply.json()).toMatchObject({ status: 422, errors: [{ path: 'body' }] })
})

test('schemas that answer later are waited for', async () => {
  const body = z.object({ title: z.string().refine(async (title) => title !== 'Emma', 'It is taken.') })
  const { http } = await withRoutes((router) => router.post('/books', () => 'stored', { body }))
  const reply = await http.inject({ method: 'POST', url: '/books', payload: { title: 'Emma' } })
  expect(reply.json().errors).toEqual([{ path: 'body.title', message: 'It is taken.' }])
})

test('input without a schema is handed over as it came', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/books/:id', ({ params, query }) => ({ params, query })),
  )
  const reply = await http.inject('/books/7?tag=a&tag=b')
  expect(reply.json()).toEqual({ params: { id: '7' }, query: { tag: ['a', 'b'] } })
})

test.for([
  ['malformed JSON', '{"title":', json, 400, 'LIMBER_MALFORMED_BODY'],
  ['an empty body that claims to be JSON', '', json, 400, 'LIMBER_MALFORMED_BODY'],
  ['a key that would change the prototype', '{"__proto__":{"a":1}}', json, 400, 'LIMBER_MALFORMED_BODY'],
  ['a constructor key', '{"constructor":{"prototype":{}}}', json, 400, 'LIMBER_MALFORMED_BODY'],
  ['another content type', '<book/>', { 'content-type': 'text/xml' }, 415, 'LIMBER_UNSUPPORTED_MEDIA_TYPE'],
  ['a body that is too large', `{"title":"${'x'.repeat(200)}"}`, json, 413, 'LIMBER_BODY_TOO_LARGE'],
] as const)('%s is refused', async ([, payload, headers, status, code]) => {
  const { http, errors } = await books({ bodyLimit: 100 })
  const reply = await http.inject({ method: 'PUT', url: '/books/7', payload, headers })
  expect(reply.json()).toMatchObject({ status, code, detail: expect.any(String) })
  expect([reply.statusCode, errors]).toEqual([status, []])
})

test('a URL that cannot be decoded is a 400', async () => {
  const { http } = await books()
  const reply = await http.inject('/books/%zz')
  expect(reply.json()).toMatchObject({ status: 400, code: 'LIMBER_MALFORMED_URL' })
})

test('of a body full of faults the first ones are told, and how many there are', async () => {
  const { http } = await withRoutes((router) => router.post('/many', () => 1, { body: z.array(z.string()) }))
  const reply = await http.inject({ method: 'POST', url: '/many', payload: Array(200_000).fill(1) })
  expect(reply.statusCode).toBe(422)
  const { errors } = reply.json()
  expect(errors).toHaveLength(101)
  expect(errors[0].path).toBe('body.0')
  expect(errors[100]).toEqual({ path: 'body', message: 'There are 199900 more faults.' })
})
