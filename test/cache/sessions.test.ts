import { CacheServiceProvider, cacheSessions } from 'limber/cache'
import { type Router, sessionOf } from 'limber/http'
import { expect, test } from 'vitest'
import { serving } from '../http/serve-routes.ts'
import { type Driver, sharedStore } from './support.ts'

declare module 'limber/http' {
  interface SessionValues {
    visits: number
  }
}

const addRoutes = (router: Router) => {
  router.get('/visits', (context) => {
    const session = sessionOf(context)
    session.set('visits', (session.get('visits') ?? 0) + 1)
    return { visits: session.get('visits') }
  })
  router.post('/logout', (context) => sessionOf(context).destroy())
}

function serve(main: Driver) {
  return serving(addRoutes, {
    http: { cookies: { secret: 's'.repeat(32) }, sessions: { store: cacheSessions() } },
    config: { cache: { stores: { main } } },
    register: (app) => new CacheServiceProvider(app).register(),
  })
}

test('a client keeps its session when another process answers, and loses it everywhere with a logout', async () => {
  const main = sharedStore()
  const [one, two] = [await serve(main), await serve(main)]
  const first = await fetch(`${one.url}/visits`)
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
  const visit = async ({ url }: { url: string }) =>
    (await fetch(`${url}/visits`, { headers: { cookie } })).json()
  expect([await first.json(), await visit(two), await visit(one)]).toEqual([
    { visits: 1 },
    { visits: 2 },
    { visits: 3 },
  ])
  await one.app.make('cache').clear()
  expect(await visit(two)).toEqual({ visits: 4 })
  await fetch(`${two.url}/logout`, { method: 'POST', headers: { cookie } })
  expect(await visit(one)).toEqual({ visits: 1 })
  // Nothing of it lives in one process.
  expect(one.app.tagged('process memory')).toEqual([])
})
