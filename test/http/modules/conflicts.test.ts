import type { Router } from 'limber/http'
import { expect, test } from 'vitest'
import { partOwner } from '../../support/part-owner.ts'
import { withRoutes } from '../serve-routes.ts'
import { addModule, partOf, served } from './modules-of-routes.ts'

test('a route that the application has is refused, and nothing has changed', async () => {
  const { app, url } = await served({}, (router) => router.get('/books/:id', () => 'application'))
  const clash = (router: Router) => {
    router.get('/shop', () => 'shop')
    router.get('/books/:book', function steal() {
      return 'module'
    })
  }
  await expect(addModule(app, 'shop', clash)).rejects.toMatchObject({
    code: 'LIMBER_ROUTE_CONFLICT',
    message: expect.stringMatching(
      /^GET \/books\/:book of .*steal.* \(module shop\) is already taken by GET \/books\/:id of /,
    ),
  })
  expect((await fetch(`${url}/shop`)).status).toBe(404)
  expect(await (await fetch(`${url}/books/1`)).text()).toBe('application')
  await addModule(app, 'shop', (router) => router.get('/shop', () => 'shop'))
  expect((await fetch(`${url}/shop`)).status).toBe(200)
})

test('a route that another module has is refused with the names of both, until that one is gone', async () => {
  const { app } = await withRoutes(() => undefined)
  const add = (router: Router) => router.get('/shop', () => 'shop')
  const remove = await addModule(app, 'first', add)
  await expect(addModule(app, 'second', add)).rejects.toMatchObject({
    code: 'LIMBER_ROUTE_CONFLICT',
    message: expect.stringMatching(/\(module second\).*\(module first\)/),
  })
  await remove()
  await addModule(app, 'second', add)
})

test('a name of a route that is taken is refused', async () => {
  const { app } = await withRoutes((router) => router.get('/', () => 1, { name: 'home' }))
  const add = (router: Router) => router.get('/shop', () => 'shop', { name: 'home' })
  await expect(addModule(app, 'shop', add)).rejects.toMatchObject({ code: 'LIMBER_ROUTE_NAME_TAKEN' })
})

test('a file that exports no function is refused by name', async () => {
  const { app } = await withRoutes(() => undefined)
  const files = [{ path: 'modules/shop/routes/pay.ts', exports: { routes: [] } }]
  await expect(partOf(app).add(partOwner('shop'), files)).rejects.toMatchObject({
    code: 'LIMBER_ROUTES_FILE',
    message: expect.stringContaining('modules/shop/routes/pay.ts'),
  })
})

test('a file that fails is named with what it threw', async () => {
  const { app } = await withRoutes(() => undefined)
  const cause = new Error('no such till')
  const failing = addModule(app, 'shop', () => Promise.reject(cause))
  await expect(failing).rejects.toMatchObject({ code: 'LIMBER_ROUTES_FILE', cause })
})

test('a module whose routes no server can have is refused while the server listens', async () => {
  const { app, url } = await served()
  const add = (router: Router) => router.get('/things/:thing', () => 1, { bind: { thing: class Thing {} } })
  await expect(addModule(app, 'shop', add)).rejects.toMatchObject({ code: 'LIMBER_INVALID_ROUTE' })
  expect((await fetch(`${url}/own`)).status).toBe(200)
})

test('a module whose routes no server can have does not keep the others from being served', async () => {
  const { app, http, errors } = await withRoutes((router) => router.get('/own', () => 'own'))
  await addModule(app, 'good', (router) => router.get('/good', () => 'good'))
  const bad = (router: Router) => router.get('/things/:thing', () => 1, { bind: { thing: class Thing {} } })
  const remove = await addModule(app, 'bad', bad)
  await addModule(app, 'fine', (router) => router.get('/fine', () => 'fine'))
  await app.run(http)
  for (const path of ['/own', '/good', '/fine']) expect((await http.inject(path)).statusCode).toBe(200)
  expect((await http.inject('/things/1')).statusCode).toBe(404)
  expect(errors).toMatchObject([{ module: 'bad', err: { code: 'LIMBER_INVALID_ROUTE' } }])
  await remove()
})
