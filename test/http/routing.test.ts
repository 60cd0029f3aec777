import { type RouteOptions, Router } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

class BooksController {
  index() {
    return []
  }
  show() {
    return null
  }
}

function health() {
  return 'ok'
}

test('routes are listed with their method, their path and who answers', () => {
  const router = new Router()
  router.get('/', () => 'welcome')
  router.get('/health', health)
  router.get('/books', [BooksController, 'index'])
  expect(router.routes.map(({ method, path, label }) => [method, path, label])).toEqual([
    ['GET', '/', '(anonymous function)'],
    ['GET', '/health', 'health'],
    ['GET', '/books', 'BooksController.index'],
  ])
})

test('a second route for the same requests is refused, and both are named', () => {
  const router = new Router()
  router.get('/books/:id', [BooksController, 'show'])
  router.delete('/books/:id', [BooksController, 'show'])
  expect(() => router.get('/books/:book', [BooksController, 'index'])).toThrow(
    expect.objectContaining({
      code: 'LIMBER_ROUTE_CONFLICT',
      message:
        'GET /books/:book of BooksController.index is already taken by GET /books/:id of BooksController.show.',
    }),
  )
})

test.for([
  ['a path without a slash', (router: Router) => router.get('books', health)],
  ['a body where there is none', (router: Router) => router.get('/', health, { body: z.object({}) })],
  ['a status that is none', (router: Router) => router.get('/', health, { status: 20 })],
] as const)('%s is refused where it is written', ([, add]) => {
  expect(() => add(new Router())).toThrow(expect.objectContaining({ code: 'LIMBER_INVALID_ROUTE' }))
})

test('every verb reaches its handler', async () => {
  const { http } = await withRoutes((router) => {
    router.get('/it', () => 'get')
    router.head('/it', ({ response }) => void response.header('x-own', 'head'))
    router.post('/it', () => 'post')
    router.put('/it', () => 'put')
    router.patch('/it', () => 'patch')
    router.delete('/it', () => 'delete')
    router.options('/it', () => 'options')
  })
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    expect((await http.inject({ method, url: '/it' })).payload).toBe(method.toLowerCase())
  }
  expect((await http.inject({ method: 'HEAD', url: '/it' })).headers['x-own']).toBe('head')
})

test('a route that comes after the server was built is refused, not forgotten', async () => {
  const { app, http } = await withRoutes((router) => router.get('/', health))
  await http.inject('/')
  expect(() => app.make('router').get('/late', health)).toThrow(
    expect.objectContaining({ code: 'LIMBER_SERVER_STATE' }),
  )
})

test.each<[string, RouteOptions]>([
  ['timeout', { timeout: -1 }],
  ['timeout', { timeout: 1.5 }],
  ['bodyLimit', { bodyLimit: 0 }],
  ['bodyLimit', { bodyLimit: -2 }],
])('a wrong %s is refused where the route is written', (name, options) => {
  expect(() => new Router().post('/books', health, options)).toThrow(
    expect.objectContaining({ code: 'LIMBER_INVALID_ROUTE', message: expect.stringContaining(name) }),
  )
})

test('a route may take as long as it needs where others may not', async () => {
  const { http } = await withRoutes(
    (router) =>
      router.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 60, 'done')), { timeout: 0 }),
    { http: { handlerTimeout: 20 } },
  )
  expect((await http.inject('/slow')).body).toBe('done')
})

test('a method that is missing at run time is named', async () => {
  const { http, errors } = await withRoutes((router) => router.get('/books', [BooksController, 'index']))
  Reflect.deleteProperty(BooksController.prototype, 'index')
  expect((await http.inject('/books')).json().code).toBe('LIMBER_CONTROLLER')
  expect(errors[0]?.msg).toMatch('BooksController.index')
})

test('a path without its optional parameter is that of another route', () => {
  for (const other of ['/books', '/books/:id']) {
    const router = new Router()
    router.get('/books/:page?', function list() {
      return []
    })
    expect(() =>
      router.get(other, function show() {
        return null
      }),
    ).toThrow(`GET ${other} of show is already taken by GET /books/:page? of list.`)
    expect(router.routes).toHaveLength(1)
  }
})

test('a path that no router would take is refused with its route', () => {
  const paths = ['/pages/:page?/notes', '/files/*/name', '/years/:year(^+$)']
  for (const path of paths) {
    expect(() => new Router().get(path, health), path).toThrow(
      expect.objectContaining({
        code: 'LIMBER_INVALID_ROUTE',
        message: expect.stringContaining(`GET ${path} of health`),
      }),
    )
  }
})
