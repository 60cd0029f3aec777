import { expect, test } from 'vitest'
import { serving, withRoutes } from './serve-routes.ts'

const library = () =>
  withRoutes((router) => {
    router.get('/books', () => [])
    router.post('/books', () => null)
    router.delete('/books/:id', () => undefined)
    router.put('/files/*', () => undefined)
  })

test('an unknown route is a 404 that says so', async () => {
  const { http } = await library()
  const reply = await http.inject('/nowhere/at/all')
  expect(reply.json()).toMatchObject({
    status: 404,
    code: 'LIMBER_ROUTE_NOT_FOUND',
    detail: 'There is no route GET /nowhere/at/all.',
  })
})

test.for([
  ['/boks', '/books'],
  ['/books/', '/books'],
  ['/boks/12', '/books/12'],
])('%s hints at %s', async ([wrong, right]) => {
  const { http } = await library()
  expect((await http.inject(String(wrong))).json().hint).toBe(`Did you mean "${right}"?`)
})

test('in production nobody learns the names of other routes', async () => {
  const { env } = process
  const before = env.NODE_ENV
  env.NODE_ENV = 'production'
  const { http } = await library().finally(() => {
    env.NODE_ENV = before
  })
  expect((await http.inject('/boks')).json()).not.toHaveProperty('hint')
})

test.for([
  ['PATCH', '/books?page=1', 'GET, POST, HEAD'],
  ['GET', '/books/7', 'DELETE'],
  ['GET', '/files/a/b', 'PUT'],
] as const)('%s %s is a 405 that names what is allowed', async ([method, url, allow]) => {
  const { http } = await library()
  const reply = await http.inject({ method, url })
  expect([reply.statusCode, reply.headers.allow]).toEqual([405, allow])
  expect(reply.json().code).toBe('LIMBER_METHOD_NOT_ALLOWED')
})

test('an unknown route is a 404 over a socket too, whatever the body', async () => {
  const { url } = await serving((router) => router.get('/', () => 'hello'))
  const reply = await fetch(`${url}/nowhere`, { method: 'POST', body: '<a/>' })
  expect(reply.status).toBe(404)
})

test.for([
  ['POST', '/years/1818', 405],
  ['POST', '/years/MMXX', 404],
  ['POST', '/pages', 405],
  ['POST', '/pages/2', 405],
  ['POST', '/pages/2/3', 404],
  ['POST', '/range/1-9', 405],
  ['POST', '/range/19', 404],
  ['POST', '/a.b', 405],
  ['POST', '/aXb', 404],
] as const)('%s %s, which only a GET may be, is a %i', async ([method, url, status]) => {
  const { http } = await withRoutes((router) => {
    router.get('/years/:year(^\\d{4}$)', () => 1)
    router.get('/pages/:page?', () => 1)
    router.get('/range/:from-:to', () => 1)
    router.get('/a.b', () => 1)
  })
  expect((await http.inject({ method, url })).statusCode).toBe(status)
})

test('a path that the expression of a parameter refuses is a 404', async () => {
  const { http } = await withRoutes((router) => router.get('/years/:year(^\\d{4}$)', () => 1))
  const reply = (await http.inject('/years/MMXX')).json()
  expect(reply).toMatchObject({ status: 404, code: 'LIMBER_ROUTE_NOT_FOUND' })
  expect(reply.hint).toBeUndefined()
})
