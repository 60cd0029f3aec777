import { Router } from 'limber/http'
import { expect, test } from 'vitest'
import { withRoutes } from './serve-routes.ts'

declare module 'limber/http' {
  interface NamedRoutes {
    'test.home': '/'
    'test.shelf': '/shelves/:shelf'
    'test.item': '/shelves/:shelf/items/:item'
    'test.files': '/files/*'
    'test.page': '/pages/:page?'
    'test.range': '/range/:from-:to'
    'test.year': '/years/:year(^\\d{4}$)'
    'test.missing': '/missing'
  }
}

function named(): Router {
  const router = new Router()
  router.get('/', () => 1, { name: 'test.home' })
  router.group({ prefix: '/shelves', name: 'test' }, (shelves) => {
    shelves.get('/:shelf', () => 1, { name: 'shelf' })
    shelves.get('/:shelf/items/:item', () => 1, { name: 'item' })
  })
  router.get('/files/*', () => 1, { name: 'test.files' })
  router.get('/pages/:page?', () => 1, { name: 'test.page' })
  router.get('/range/:from-:to', () => 1, { name: 'test.range' })
  router.get('/years/:year(^\\d{4}$)', () => 1, { name: 'test.year' })
  return router
}

test('the URL of a route is made from its name and its parameters', () => {
  const router = named()
  expect(router.url('test.home')).toBe('/')
  expect(router.url('test.shelf', { shelf: 7 })).toBe('/shelves/7')
  expect(router.url('test.item', { shelf: { id: 7 }, item: 12n })).toBe('/shelves/7/items/12')
  expect(router.url('test.range', { from: 1, to: 9 })).toBe('/range/1-9')
  expect(router.url('test.year', { year: 1818 })).toBe('/years/1818')
  expect(router.url('test.page', { page: 2 })).toBe('/pages/2')
})

test('parameters and queries are encoded, so that none of them is another path', () => {
  const router = named()
  expect(router.url('test.shelf', { shelf: '../a b/ü?#%' })).toBe('/shelves/..%2Fa%20b%2F%C3%BC%3F%23%25')
  expect(router.url('test.files', { '*': 'a b/c?d' })).toBe('/files/a%20b/c%3Fd')
  const query = { q: 'a&b=c', tag: ['x', 'y'], page: 2, none: undefined, all: false }
  expect(router.url('test.home', {}, { query })).toBe('/?q=a%26b%3Dc&tag=x&tag=y&page=2&all=false')
  expect(router.url('test.home', {}, { origin: 'https://books.example' })).toBe('https://books.example/')
})

test('a path that was made is answered by the route it was made for, with the same values', async () => {
  const { http, app } = await withRoutes((router) =>
    router.get('/shelves/:shelf', ({ request }) => request.params, { name: 'test.shelf' }),
  )
  for (const shelf of ['7', 'a b', 'a/b', '...', 'ü?#%25', '%2e']) {
    const reply = await http.inject(app.make('router').url('test.shelf', { shelf }))
    expect(reply.json(), shelf).toEqual({ shelf })
  }
})

test('a name that no route has, and a parameter that is missing, are errors', () => {
  expect(() => named().url('test.missing')).toThrow(
    expect.objectContaining({ code: 'LIMBER_UNKNOWN_ROUTE_NAME' }),
  )
  const router = named()
  // @ts-expect-error: the name has a mistake.
  expect(() => router.url('test.shelv')).toThrow(
    expect.objectContaining({ hint: 'Did you mean "test.shelf"?' }),
  )
  // @ts-expect-error: the parameter is missing.
  expect(() => router.url('test.item', { shelf: 1 })).toThrow(
    expect.objectContaining({
      code: 'LIMBER_PATH_PARAMETER',
      message: expect.stringContaining('"item"'),
    }),
  )
  expect(() => router.url('test.shelf', { shelf: '..' })).toThrow('stands for another path')
  expect(() => router.url('test.files', { '*': 'a/../../b' })).toThrow('stands for another path')
  expect(() => router.url('test.shelf', { shelf: '' })).toThrow(
    expect.objectContaining({ code: 'LIMBER_PATH_PARAMETER' }),
  )
})

test('two routes with one name are a conflict that names both', () => {
  const router = new Router()
  router.get('/a', () => 1, { name: 'same' })
  expect(() => router.get('/b', () => 1, { name: 'same' })).toThrow(
    expect.objectContaining({
      code: 'LIMBER_ROUTE_NAME_TAKEN',
      message: 'The name "same" of GET /b is already that of GET /a.',
    }),
  )
})

test('a value that the route would not answer is refused, and a star is a value like any other', async () => {
  const { http, app } = await withRoutes((router) => {
    router.get('/shelves/:shelf', ({ request }) => request.params, { name: 'test.shelf' })
    router.get('/years/:year(^\\d{4}$)', () => 1, { name: 'test.year' })
    router.get('/files/*', ({ request }) => request.params, { name: 'test.files' })
  })
  const router = app.make('router')
  for (const shelf of ['*', 'a*']) {
    expect((await http.inject(router.url('test.shelf', { shelf }))).json()).toEqual({ shelf })
  }
  expect((await http.inject(router.url('test.files', { '*': 'a/*' }))).json()).toEqual({ '*': 'a/*' })
  const refused = expect.objectContaining({ code: 'LIMBER_PATH_PARAMETER' })
  expect(() => router.url('test.year', { year: 'MMXX' })).toThrow(refused)
  expect(() => router.url('test.shelf', { shelf: '\ud800' })).toThrow(refused)
})
