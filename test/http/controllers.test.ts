import { inject, injectable } from 'inversify'
import type { HttpContext } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

let made = 0

@injectable()
class Basket {
  readonly number = ++made
  readonly items: string[] = []
}

@injectable()
class Shop {
  constructor(@inject(Basket) readonly basket: Basket) {}
}

const params = z.object({ item: z.string() })

@injectable()
class BasketController {
  readonly number = ++made
  constructor(
    @inject(Basket) private readonly basket: Basket,
    @inject(Shop) private readonly shop: Shop,
  ) {}

  put({ params: { item }, app }: HttpContext<typeof params>) {
    this.basket.items.push(item)
    const isShared = this.shop.basket === this.basket && app.make(Basket) === this.basket
    return { items: this.basket.items, isShared, controller: this.number }
  }
}

const basketApp = () =>
  withRoutes((router) => router.put('/basket/:item', [BasketController, 'put'], { params }), {
    register: (app) => app.scoped(Basket),
  })

test('a controller and all it injects share the services of their request, and nobody else does', async () => {
  const { http } = await basketApp()
  const first = (await http.inject({ method: 'PUT', url: '/basket/pear' })).json()
  const second = (await http.inject({ method: 'PUT', url: '/basket/plum' })).json()
  expect(first).toMatchObject({ items: ['pear'], isShared: true })
  expect(second).toMatchObject({ items: ['plum'], isShared: true })
  expect(second.controller).not.toBe(first.controller)
})

test('a scope that is open where a request is injected is not the scope of the request', async () => {
  const { app, http } = await basketApp()
  const inHooks: unknown[] = []
  http.configure((fastify) => {
    fastify.addHook('onRequest', async () => {
      inHooks.push(app.currentScope())
    })
  })
  const seen = await app.scope(async () => {
    app.make(Basket).items.push('mine')
    return (await http.inject({ method: 'PUT', url: '/basket/pear' })).json()
  })
  expect(seen.items).toEqual(['pear'])
  expect(inHooks).toEqual([undefined])
})

test('a thousand concurrent requests never share a scope', async () => {
  const everyone = Promise.withResolvers<void>()
  let waiting = 0
  const { app, http } = await withRoutes(
    (router) =>
      router.post('/orders', async ({ body }: HttpContext) => {
        const before = app.make(Basket)
        before.items.push(JSON.stringify(body))
        if (++waiting === 1000) everyone.resolve()
        await everyone.promise
        await new Promise((resolve) => setImmediate(resolve))
        const after = app.make(Basket)
        return { number: after.number, isSame: before === after, items: after.items }
      }),
    { register: (app) => app.scoped(Basket) },
  )
  const replies = await Promise.all(
    Array.from({ length: 1000 }, (_, order) =>
      http.inject({ method: 'POST', url: '/orders', payload: { order } }),
    ),
  )
  const seen = replies.map((reply) => reply.json())
  expect(seen.every((one, order) => one.isSame && one.items[0] === `{"order":${order}}`)).toBe(true)
  expect(seen.every((one) => one.items.length === 1)).toBe(true)
  expect(new Set(seen.map((one) => one.number)).size).toBe(1000)
})

test('a request finds its scope also after a hook that continues from elsewhere', async () => {
  const { http } = await basketApp()
  const arrived = Promise.withResolvers<() => void>()
  http.configure((fastify) => {
    fastify.addHook('preHandler', (_request, _reply, done) => arrived.resolve(done))
  })
  const reply = http.inject({ method: 'PUT', url: '/basket/pear' })
  const goOn = await arrived.promise
  goOn()
  expect((await reply).json()).toMatchObject({ items: ['pear'], isShared: true })
})

test('the scope of a request says which route it serves', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/books/:id', ({ app }) => ({
      kind: app.currentScope()?.kind,
      label: app.currentScope()?.label,
    })),
  )
  expect((await http.inject('/books/1')).json()).toEqual({ kind: 'request', label: 'GET /books/:id' })
})

test('asynchronous singletons are ready before the first injected request', async () => {
  class Clock {
    readonly zone = 'UTC'
  }
  const { http } = await withRoutes(
    (router) => router.get('/zone', ({ app }) => ({ zone: app.make(Clock).zone })),
    { register: (app) => app.singleton(Clock, async () => new Clock()) },
  )
  expect((await http.inject('/zone')).json()).toEqual({ zone: 'UTC' })
})
