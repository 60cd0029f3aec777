import type { Application, HealthCheck } from 'limber'
import type { Middleware } from 'limber/http'
import { expect, test } from 'vitest'
import { loggedApplication } from './logged-application.ts'

declare module 'limber' {
  interface Services {
    'test.check': HealthCheck
  }
}

function checking(check: () => Promise<void>) {
  return {
    register: (app: Application) => {
      app.instance('test.check', { name: 'store', check })
      app.tag('health', 'test.check')
    },
  }
}

class Closed implements Middleware {
  handle(): never {
    throw new Error('no tenant')
  }
}

test('a process that answers lives, whatever it depends on', async () => {
  const down = async () => Promise.reject(new Error('connection to 10.0.0.7 refused'))
  const { http } = await loggedApplication(() => undefined, checking(down))
  const live = await http.inject('/health')
  expect([live.statusCode, live.json()]).toEqual([200, { status: 'ok' }])
  const ready = await http.inject('/ready')
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'failing', checks: { store: 'failing' } }])
  expect(ready.headers['cache-control']).toBe('no-store')
})

test('probes do not hammer what is checked', async () => {
  let asked = 0
  const { http } = await loggedApplication(
    () => undefined,
    checking(async () => void asked++),
  )
  for (let probe = 0; probe < 20; probe++) expect((await http.inject('/ready')).statusCode).toBe(200)
  expect(asked).toBe(1)
})

test('a check that hangs makes the process unready when its time is over', async () => {
  const hang = () => new Promise<void>(() => undefined)
  const { http } = await loggedApplication(() => undefined, {
    ...checking(hang),
    http: { health: { timeout: 10 } },
  })
  expect((await http.inject('/ready')).statusCode).toBe(503)
})

test('middleware of the configuration does not stand around the health routes', async () => {
  const { http } = await loggedApplication((router) => router.get('/', () => 'never'), {
    http: { middleware: [Closed] },
  })
  expect((await http.inject('/')).statusCode).toBe(500)
  expect((await http.inject('/health')).statusCode).toBe(200)
})

test('the health routes can be moved or taken away', async () => {
  const own = await loggedApplication((router) => router.get('/health', () => 'mine'), {
    http: { health: { live: '/-/live', ready: '/-/ready' } },
  })
  expect((await own.http.inject('/health')).body).toBe('mine')
  expect((await own.http.inject('/-/live')).json()).toEqual({ status: 'ok' })
  expect((await own.http.inject('/-/ready')).statusCode).toBe(200)
  const none = await loggedApplication(() => undefined, { http: { health: false } })
  expect((await none.http.inject('/health')).statusCode).toBe(404)
})

test('a route of the application on the same path is told how to get its way', async () => {
  const { http } = await loggedApplication((router) => router.get('/ready', () => 'mine'))
  await expect(http.inject('/ready')).rejects.toMatchObject({
    code: 'LIMBER_ROUTE_CONFLICT',
    message: 'GET /ready of HealthController.ready is already taken by GET /ready of (anonymous function).',
    hint: expect.stringContaining("health: { ready: '/-/ready' }"),
  })
})
