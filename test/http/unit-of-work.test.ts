import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { type ErrorKind, LimberError } from 'limber'
import type { HttpContext, HttpKernel, RouteOptions } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Recorder, serving, withRoutes } from './serve-routes.ts'

class StaleError extends LimberError {
  readonly code = 'TEST_STALE'
  readonly kind: ErrorKind = 'conflict'
}

async function storing(answer: (context: HttpContext) => unknown, schemas: RouteOptions = {}) {
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

/** A route whose unit of work is known to the recorder before the body has arrived. */
async function uploading() {
  const recorder = new Recorder()
  const opened = Promise.withResolvers<void>()
  const served = await serving((router) => router.post('/books', () => recorder.calls.push('handler')), {
    boot: (app) =>
      app.make('http').configure((fastify) => {
        fastify.addHook('onRoute', (route) => {
          route.preParsing = (_request, _reply, _payload, done) => {
            recorder.join(app.currentScope())
            opened.resolve()
            done(null)
          }
        })
        fastify.addHook('onSend', async () => {
          recorder.calls.push('send')
        })
      }),
  })
  return { ...served, recorder, opened: opened.promise }
}

test('a body that cannot be read ends the scope without the handler', async () => {
  const { url, recorder } = await uploading()
  const headers = { 'content-type': 'application/json' }
  const reply = await fetch(`${url}/books`, { method: 'POST', headers, body: '{"title":' })
  expect(reply.status).toBe(400)
  expect(recorder.calls).toEqual(['rollback', 'close', 'send'])
})

test('a client that goes before its body has arrived ends the scope once', async () => {
  const { http, recorder, opened, errors } = await uploading()
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write(
    'POST /books HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"ti',
  )
  await opened
  socket.destroy()
  await recorder.closed.promise
  expect(recorder.calls.filter((call) => call !== 'send')).toEqual(['rollback', 'close'])
  expect(errors).toEqual([])
})

test('a client that goes while its handler works does not undo the work', async () => {
  const recorder = new Recorder()
  const started = Promise.withResolvers<void>()
  const { http, errors } = await serving((router) =>
    router.get('/slow', async ({ app, request }: HttpContext) => {
      recorder.join(app.currentScope())
      const gone = once(request.raw.socket, 'close')
      started.resolve()
      await gone
      return { id: 1 }
    }),
  )
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n')
  await started.promise
  socket.destroy()
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['flush', 'commit', 'close'])
  expect(errors).toEqual([])
})

test('a hook of a plugin that answers instead of the handler ends the scope', async () => {
  const recorder = new Recorder()
  const { http } = await withRoutes((router) => router.get('/books', () => recorder.calls.push('handler')), {
    boot: (app) =>
      app.make('http').configure((fastify) => {
        fastify.addHook('preHandler', async (_request, reply) => {
          recorder.join(app.currentScope())
          return reply.code(401).send('who are you?')
        })
      }),
  })
  expect((await http.inject('/books')).statusCode).toBe(401)
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['rollback', 'close'])
})

test('a stream is committed before its headers, and keeps the scope open while it flows', async () => {
  const recorder = new Recorder()
  const { url } = await serving((router) =>
    router.get('/export', ({ app, response }) => {
      recorder.join(app.currentScope())
      response.header('content-type', 'text/csv')
      return Readable.from(
        (async function* () {
          for (const row of ['1,Emma\n', '2,Persuasion\n']) {
            recorder.calls.push('row')
            yield row
          }
        })(),
      )
    }),
  )
  const reply = await fetch(`${url}/export`)
  expect([reply.headers.get('content-type'), await reply.text()]).toEqual([
    'text/csv',
    '1,Emma\n2,Persuasion\n',
  ])
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['flush', 'commit', 'row', 'row', 'flush', 'close'])
})

test('a stream whose commit fails is destroyed, and its client gets a 500', async () => {
  const stream = Readable.from(['never'])
  const { http, recorder } = await storing(() => stream)
  recorder.failing = 'commit'
  expect((await post(http)).statusCode).toBe(500)
  expect(stream.destroyed).toBe(true)
})

test('a handler that sends by itself is committed all the same', async () => {
  const { http, calls } = await storing(({ response }) => {
    response.raw.send({ by: 'hand' })
  })
  expect((await post(http)).json()).toEqual({ by: 'hand' })
  expect(calls).toEqual(['handler', 'flush', 'commit', 'close'])
})
