import { Readable } from 'node:stream'
import type { HttpContext, RouteOptions } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

async function reply(answer: (context: HttpContext) => unknown, schemas: RouteOptions = {}) {
  const { http, errors } = await withRoutes((router) => router.get('/it', answer, schemas))
  return { ...(await http.inject('/it')), errors }
}

test('entities, dates, large integers and collections become plain JSON', async () => {
  class Book {
    readonly secret = 'x'
    toJSON() {
      return { title: 'Emma', printed: new Date(0), sold: 12n, shelf: undefined }
    }
  }
  const result = { books: [new Book(), undefined], tags: new Set(['a']), prices: new Map([['eur', 3]]) }
  const { payload, headers } = await reply(() => result)
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  expect(JSON.parse(payload)).toEqual({
    books: [{ title: 'Emma', printed: '1970-01-01T00:00:00.000Z', sold: '12' }, null],
    tags: ['a'],
    prices: { eur: 3 },
  })
})

test('the same object may appear twice, but not inside itself', async () => {
  const author = { name: 'Jane' }
  expect((await reply(() => [author, author])).payload).toBe('[{"name":"Jane"},{"name":"Jane"}]')
  const book = { parts: [] as unknown[] }
  book.parts.push(book)
  const circular = await reply(() => book)
  expect(JSON.parse(circular.payload).code).toBe('LIMBER_RESPONSE_INVALID')
  expect(circular.errors[0]?.err?.faults).toEqual([
    { path: 'result.parts.0', message: 'It contains itself.' },
  ])
})

test('a field that the response schema does not name never leaves', async () => {
  const user = { id: 1, name: 'Ada', passwordHash: 'secret', friend: { id: 2, passwordHash: 'secret' } }
  const response = z.object({ id: z.number(), friend: z.object({ id: z.number() }) })
  const { payload } = await reply(() => user, { response })
  expect(JSON.parse(payload)).toEqual({ id: 1, friend: { id: 2 } })
})

test('a result that does not fit is named in the log and hidden from the client', async () => {
  const response = z.object({ id: z.number(), title: z.string() })
  const { payload, errors } = await reply(() => ({ id: 'x', title: 3 }), { response })
  const { requestId, ...problem } = JSON.parse(payload)
  expect(problem).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'LIMBER_RESPONSE_INVALID',
  })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ requestId, route: 'GET /it', scope: expect.any(String) })
  expect(errors[0]?.msg).toMatch(/for GET \/it .*result\.id, result\.title/)
})

test('a handler that forgets the result its schema promises is a 500', async () => {
  expect((await reply(() => undefined, { response: z.object({}) })).statusCode).toBe(500)
})

test('a refusal is not held against the response schema', async () => {
  const answer = ({ response }: HttpContext) => {
    response.status(404)
    return { sorry: true }
  }
  const { statusCode, payload } = await reply(answer, { response: z.object({ id: z.number() }) })
  expect([statusCode, payload]).toEqual([404, '{"sorry":true}'])
})

test.for([
  ['nothing', () => undefined, {}, 204, ''],
  ['nothing, where the route has a status', () => undefined, { status: 202 }, 202, ''],
  ['null', () => null, {}, 200, 'null'],
  ['a status of the route', () => ({ id: 1 }), { status: 201 }, 201, '{"id":1}'],
  ['text', () => 'hello', {}, 200, 'hello'],
  ['text that a schema describes', () => 'hello', { response: z.string() }, 200, '"hello"'],
  ['bytes', () => Buffer.from('hello'), {}, 200, 'hello'],
  ['a stream', () => Readable.from(['hel', 'lo']), {}, 200, 'hello'],
  ['zero', () => 0, {}, 200, '0'],
  ['false', () => false, {}, 200, 'false'],
] as [string, () => unknown, RouteOptions, number, string][])(
  '%s is sent as it reads best',
  async ([, answer, schemas, status, body]) => {
    const { statusCode, payload } = await reply(answer, schemas)
    expect([statusCode, payload]).toEqual([status, body])
  },
)

test('the status and the headers that a handler sets are sent', async () => {
  const answer = ({ response }: HttpContext) => {
    response.status(202).header('x-count', 3).header('set-cookie', ['a=1', 'b=2'])
    return '<p>hello</p>'
  }
  const { statusCode, headers } = await reply((context) => {
    context.response.header('content-type', 'text/html')
    return answer(context)
  })
  expect(statusCode).toBe(202)
  expect(headers).toMatchObject({ 'x-count': '3', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/html' })
})

test.for([
  ['a status that is none', ({ response }: HttpContext) => response.status(99)],
  ['a header with a line break', ({ response }: HttpContext) => response.header('x-a', 'b\r\nc: d')],
  ['a header with a bad name', ({ response }: HttpContext) => response.header('x a', 'b')],
] as const)('%s is a 500 while the work can still be undone', async ([, answer]) => {
  const { payload } = await reply((context) => void answer(context))
  expect(JSON.parse(payload).code).toBe('LIMBER_INVALID_REPLY')
})

test('a header that Fastify cannot send is a 500 without that header', async () => {
  const { http, errors } = await withRoutes((router) =>
    router.get('/it', ({ response }) => {
      response.raw.header('x-a', 'b\r\nc: d')
    }),
  )
  const reply = await http.inject('/it')
  expect(reply.json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(reply.headers).not.toHaveProperty('x-a')
  expect(errors[0]?.err?.code).toBe('ERR_INVALID_CHAR')
})

test('HEAD answers like GET, without the body', async () => {
  const { http } = await withRoutes((router) => router.get('/it', () => ({ id: 1 })))
  const { statusCode, headers, payload } = await http.inject({ method: 'HEAD', url: '/it' })
  expect([statusCode, headers['content-length'], payload]).toEqual([200, '8', ''])
})

test('large integers that a schema makes are texts, also in named schemas and alternatives', async () => {
  const Coin = z.object({ id: z.coerce.bigint() }).meta({ id: 'Coin' })
  const responses = [z.array(Coin), z.array(z.union([Coin, z.string()])), z.tuple([Coin])]
  for (const response of responses) {
    const { http } = await withRoutes((router) => router.get('/', () => [{ id: 5n }], { response }))
    expect((await http.inject('/')).json()).toEqual([{ id: '5' }])
  }
})
