import { expect, test } from 'vitest'
import { withRoutes } from './serve-routes.ts'

const lazy = () => import('./fixtures/lazy-controller.ts')
const two = () => import('./fixtures/two-controllers.ts')

test('a controller that is given as an import is loaded with the first request, and once', async () => {
  let loads = 0
  const { http, app } = await withRoutes((router) =>
    router.get('/lazy', [
      () => {
        loads++
        return lazy()
      },
      'index',
    ]),
  )
  expect(loads).toBe(0)
  const replies = await Promise.all([http.inject('/lazy'), http.inject('/lazy')])
  expect(replies.map((reply) => reply.json())).toEqual([
    { scope: 'request GET /lazy' },
    { scope: 'request GET /lazy' },
  ])
  await http.inject('/lazy')
  expect(loads).toBeLessThanOrEqual(2)
  expect(app.make('router').routes[0]?.label).toBe('LazyController.index')
})

test('the services of lazy controllers are verified with those of all others', async () => {
  const { app } = await withRoutes((router) => router.get('/lazy', [lazy, 'index']))
  const classes = await app.make('http.controllers').classes()
  expect(classes.map(({ name }) => name)).toEqual(['LazyController', 'HealthController'])
})

test('a file that exports several classes is refused, and the request with it', async () => {
  const { http, errors } = await withRoutes((router) => router.get('/two', [two, 'index']))
  expect((await http.inject('/two')).json()).toMatchObject({ status: 500, code: 'LIMBER_CONTROLLER' })
  expect(errors[0]?.err?.message).toContain('exports First, Second')
})

test('a file that fails to load fails the request, and is tried again with the next one', async () => {
  let loads = 0
  const { http } = await withRoutes((router) =>
    router.get('/late', [
      async () => {
        if (++loads === 1) throw new Error('not yet')
        return lazy()
      },
      'index',
    ]),
  )
  expect((await http.inject('/late')).statusCode).toBe(500)
  expect((await http.inject('/late')).statusCode).toBe(200)
})
