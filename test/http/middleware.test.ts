import { Readable } from 'node:stream'
import { inject, injectable, LimberError } from 'limber'
import type { HttpContext, Middleware, Next, RequestFacts } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Recorder, type ServeOptions, withRoutes } from './serve-routes.ts'

declare module 'limber' {
  interface Services {
    'test.calls': string[]
  }
}

@injectable()
class Outer implements Middleware {
  constructor(@inject('test.calls') private readonly calls: string[]) {}

  async handle({ request }: RequestFacts, next: Next) {
    this.calls.push(`outer before ${request.url}`)
    const result = await next()
    this.calls.push('outer after')
    return result
  }
}

@injectable()
class Inner implements Middleware {
  constructor(@inject('test.calls') private readonly calls: string[]) {}

  async handle({ response }: RequestFacts, next: Next) {
    this.calls.push('inner before')
    response.header('x-inner', 'yes')
    return { wrapped: await next() }
  }
}

class Closed implements Middleware {
  handle({ response }: RequestFacts) {
    response.status(423)
    return { closed: true }
  }
}

class Eager implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    await next()
    return next()
  }
}

class TiredError extends LimberError {
  readonly code = 'TEST_TIRED'
  readonly kind = 'unavailable'
}

class Tired implements Middleware {
  handle(): never {
    throw new TiredError('No.')
  }
}

function calling(calls: string[], options: ServeOptions = {}): ServeOptions {
  return { ...options, register: (app) => app.instance('test.calls', calls) }
}

test('middleware runs around the handler, that of the configuration outermost', async () => {
  const calls: string[] = []
  const { http } = await withRoutes(
    (router) =>
      router.get(
        '/books',
        () => {
          calls.push('handler')
          return ['Emma']
        },
        { middleware: [Inner] },
      ),
    calling(calls, { http: { middleware: [Outer] } }),
  )
  const reply = await http.inject('/books')
  expect(reply.json()).toEqual({ wrapped: ['Emma'] })
  expect(reply.headers['x-inner']).toBe('yes')
  expect(calls).toEqual(['outer before /books', 'inner before', 'handler', 'outer after'])
})

test('middleware sees a request before its input is checked, and may answer it', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/books', () => 'never', { query: z.object({ page: z.string() }), middleware: [Closed] }),
  )
  const reply = await http.inject('/books')
  expect([reply.statusCode, reply.json()]).toEqual([423, { closed: true }])
})

test('middleware runs in the unit of work of the request, and what it throws rolls back', async () => {
  const recorder = new Recorder()
  class Joining implements Middleware {
    handle({ app }: RequestFacts, next: Next) {
      recorder.join(app.currentScope())
      return next()
    }
  }
  const { http } = await withRoutes((router) => {
    router.get('/books', () => 'fine', { middleware: [Joining] })
    router.get('/tired', () => 'never', { middleware: [Joining, Tired] })
  })
  expect((await http.inject('/books')).body).toBe('fine')
  expect(recorder.calls).toEqual(['flush', 'commit', 'close'])
  recorder.calls.length = 0
  expect((await http.inject('/tired')).json()).toMatchObject({ status: 503, code: 'TEST_TIRED' })
  expect(recorder.calls).toEqual(['rollback', 'close'])
})

test('a second call of next() is refused, and the handler runs once', async () => {
  let runs = 0
  const { http, errors } = await withRoutes((router) =>
    router.get('/books', () => ++runs, { middleware: [Eager] }),
  )
  expect((await http.inject('/books')).json()).toMatchObject({ code: 'LIMBER_NEXT_CALLED_TWICE' })
  expect(errors[0]?.err?.message).toContain('Eager called next() twice')
  expect(runs).toBe(1)
})

const MISTAKES: readonly [string, (next: Next) => unknown][] = [
  ['that does not wait for the handler', (next) => void next()],
  ['that takes something else for the answer of a slow handler', (next) => Promise.race([next(), 'early'])],
]

test.for(MISTAKES)('middleware %s is a 500, and nothing is committed', async ([, handle]) => {
  class Hasty implements Middleware {
    handle(_facts: RequestFacts, next: Next) {
      return handle(next)
    }
  }
  const recorder = new Recorder()
  const { promise: paper, reject } = Promise.withResolvers<void>()
  const { http } = await withRoutes((router) =>
    router.get(
      '/',
      async ({ app }: HttpContext) => {
        recorder.join(app.currentScope())
        await paper
      },
      { middleware: [Hasty] },
    ),
  )
  expect((await http.inject('/')).json()).toMatchObject({ status: 500, code: 'LIMBER_NEXT_NOT_AWAITED' })
  expect(recorder.calls).toEqual(['rollback', 'close'])
  // Its error comes when everything is over, and ends nothing else.
  reject(new Error('out of paper'))
})

test.each([
  ['fails', async (next: Next) => expect.fail(`too late for ${await next()}`)],
  ['does not wait', (next: Next) => void next()],
])('a stream that nobody sends since a middleware %s is closed', async (_what, handle) => {
  class Losing implements Middleware {
    handle(_facts: RequestFacts, next: Next) {
      return handle(next)
    }
  }
  const stream = new Readable({ read: () => undefined })
  const { http } = await withRoutes((router) => router.get('/', async () => stream, { middleware: [Losing] }))
  expect((await http.inject('/')).statusCode).toBe(500)
  await expect.poll(() => stream.destroyed).toBe(true)
})

test('next() after the middleware has returned is refused', async () => {
  const late = Promise.withResolvers<Next>()
  class Late implements Middleware {
    handle(_facts: RequestFacts, next: Next) {
      late.resolve(next)
      return 'early'
    }
  }
  const { http } = await withRoutes((router) =>
    router.get('/', () => expect.fail('the handler ran'), { middleware: [Late] }),
  )
  expect((await http.inject('/')).body).toBe('early')
  const next = await late.promise
  expect(() => next()).toThrow(expect.objectContaining({ code: 'LIMBER_NEXT_NOT_AWAITED' }))
})
