import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { type ErrorKind, LimberError } from 'limber'
import { type HttpContext, type HttpKernel, type RouteSchemas } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Recorder, serving, withRoutes } from './serve-routes.ts'

class StaleError extends LimberError {
  readonly code = 'TEST_STALE'
  readonly kind: ErrorKind = 'conflict'
}

async function storing(answer: (context: HttpContext) => unknown, schemas: RouteSchemas = {}) {
  const recorder = new Recorder()
  const served = await withRoutes((router) =>
    router.post(
      '/books',
      (context: HttpContext) => {
        recorder.join(context.app.currentScope())
        recorder.calls.push('handler')
        return answer(context)
      },
      schemas,
    ),
  )
  return { ...served, recorder, calls: recorder.calls }
}

const post = (http: HttpKernel) => http.inject({ method: 'POST', url: '/books', payload: { title: 'Emma' } })

test('a success is flushed, serialised, committed, sent and closed, in this order', async () => {
  const { http, calls } = await storing(() => ({
    toJSON() {
      calls.push('serialise')
      return { id: 1 }
    },
  }))
  http.configure((fastify) => {
    fastify.addHook('onSend', async () => {
      calls.push('send')
    })
  })
  const reply = await post(http)
  expect(reply.statusCode).toBe(200)
  expect(calls).toEqual(['handler', 'flush', 'serialise', 'commit', 'send', 'close'])
})

test('an error in the handler rolls back', async () => {
  const { http, calls } = await storing(() => {
    throw new Error('out of paper')
  })
  expect((await post(http)).statusCode).toBe(500)
  expect(calls).toEqual(['handler', 'rollback', 'close'])
})

test('a handler that throws something which is not an error is a 500, and rolled back', async () => {
  const { http, calls, errors } = await storing(() => Promise.reject('paper'))
  expect((await post(http)).json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(calls).toEqual(['handler', 'rollback', 'close'])
  expect(errors).toHaveLength(1)
})

test('a status of 400 and above rolls back and still sends its body', async () => {
  const { http, calls } = await storing(({ response }) => {
    response.status(409)
    return { taken: 'Emma' }
  })
  const reply = await post(http)
  expect([reply.statusCode, reply.json()]).toEqual([409, { taken: 'Emma' }])
  expect(calls).toEqual(['handler', 'rollback', 'close'])
})

test('a result that does not fit the response schema rolls back', async () => {
  const { http, calls } = await storing(() => ({ id: 'one' }), { response: z.object({ id: z.number() }) })
  expect((await post(http)).json()).toMatchObject({ status: 500, code: 'LIMBER_RESPONSE_INVALID' })
  expect(calls).toEqual(['handler', 'flush', 'rollback', 'close'])
})

test('a failing flush is never a success', async () => {
  const { http, calls, recorder } = await storing(() => ({ id: 1 }))
  recorder.failing = 'flush'
  recorder.failure = new StaleError('Somebody else changed the book.')
  const reply = await post(http)
  expect(reply.json()).toMatchObject({ status: 409, detail: 'Somebody else changed the book.' })
  expect(calls).toEqual(['handler', 'flush', 'rollback', 'close'])
})

test('a failing commit is a 500, or the status of its error, and carries nothing the handler had set', async () => {
  const { http, calls, recorder } = await storing(({ response }) => {
    response.status(201).header('location', '/books/1')
    return { id: 1 }
  })
  recorder.failing = 'commit'
  const broken = await post(http)
  expect([broken.statusCode, broken.headers.location]).toEqual([500, undefined])
  expect(calls).toEqual(['handler', 'flush', 'commit', 'rollback', 'close'])

  recorder.failure = new StaleError('Somebody else changed the book.')
  expect((await post(http)).statusCode).toBe(409)
})

test('a request whose body cannot be read ends its scope without running the handler', async () => {
  const recorder = new Recorder()
  const { http } = await withRoutes((router) => router.post('/books', () => recorder.calls.push('handler')))
  http.configure((fastify) => {
    fastify.addHook('onRoute', (route) => {
      const hooks = [route.onRequest ?? []].flat()
      route.onRequest = [
        ...hooks,
        (request, _reply, done) => {
          recorder.join(request.server && app().currentScope())
          done()
        },
      ]
    })
  })
  const app = () => appOf(http)
  const reply = await http.inject({
    method: 'POST',
    url: '/books',
    payload: '{"title":',
    headers: { 'content-type': 'application/json' },
  })
  expect(reply.statusCode).toBe(400)
  expect(recorder.calls).toEqual(['rollback', 'close'])

  function appOf(_: HttpKernel) {
    return served.app
  }
})
