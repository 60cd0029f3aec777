import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { withRoutes } from '../serve-routes.ts'

test('any plugin of Fastify can be given to the server beside those that are configured', async () => {
  const { http } = await withRoutes((router) => router.get('/', () => 'hello'), {
    http: { cookies: true, helmet: true },
    boot: (app) =>
      app.make('http').configure(async (server) => {
        const { default: websocket } = await import('@fastify/websocket')
        await server.register(websocket)
        // With options of its own, in a room of its own.
        await server.register(
          async (room: FastifyInstance) => {
            const { default: cors } = await import('@fastify/cors')
            await room.register(cors, { origin: 'https://app.example.com' })
            room.get('/books', () => ['Emma'])
          },
          { prefix: '/open' },
        )
      }),
  })
  const open = await http.inject({ url: '/open/books', headers: { cookie: 'a=b' } })
  expect(open.json()).toEqual(['Emma'])
  expect(open.headers['access-control-allow-origin']).toBe('https://app.example.com')
  expect(open.headers['x-content-type-options']).toBe('nosniff')
  const own = await http.inject('/')
  expect([own.payload, own.headers['access-control-allow-origin']]).toEqual(['hello', undefined])
})
