import { type ErrorKind, LimberError } from 'limber'
import { expect, test } from 'vitest'
import { withRoutes } from './serve-routes.ts'

class TestError extends LimberError {
  readonly code = 'TEST_ERROR'
  readonly kind: ErrorKind

  constructor(kind: ErrorKind) {
    super('The shelf is full.', { hint: 'Remove a book.' })
    this.kind = kind
  }
}

async function failing(error: unknown) {
  const { http, errors } = await withRoutes((router) =>
    router.get('/books/:id', () => {
      throw error
    }),
  )
  const reply = await http.inject('/books/1')
  return { status: reply.statusCode, problem: reply.json(), errors }
}

test.for([
  ['malformed', 400],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not-found', 404],
  ['conflict', 409],
  ['too-large', 413],
  ['unsupported', 415],
  ['invalid', 422],
  ['too-many', 429],
] as const)('an error of kind %s tells its client what happened with status %i', async ([kind, status]) => {
  const { problem, errors, ...reply } = await failing(new TestError(kind))
  expect(reply.status).toBe(status)
  expect(problem).toMatchObject({
    status,
    code: 'TEST_ERROR',
    detail: 'The shelf is full.',
    hint: 'Remove a book.',
  })
  expect(errors).toEqual([])
})

test.for([
  ['internal', 500],
  ['unavailable', 503],
  ['timeout', 504],
] as const)('an error of kind %s keeps its words for the log, with status %i', async ([kind, status]) => {
  const { problem, errors } = await failing(new TestError(kind))
  expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'code', 'requestId'])
  expect(problem).toMatchObject({ status, code: 'TEST_ERROR' })
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({
    msg: 'The shelf is full.',
    route: 'GET /books/:id',
    scope: expect.any(String),
    requestId: problem.requestId,
  })
})

test('an error that nobody expected shows nothing of itself', async () => {
  const { status, problem, errors } = await failing(new TypeError('password of ada is not a string'))
  expect(status).toBe(500)
  expect(JSON.stringify(problem)).not.toContain('password')
  expect(problem.code).toBe('LIMBER_UNEXPECTED')
  expect(errors[0]?.err?.message).toBe('password of ada is not a string')
})

test('a plugin of Fastify keeps the status it means', async () => {
  const facts = { name: 'FastifyError', code: 'SLOW_DOWN', statusCode: 429 }
  const { problem } = await failing(Object.assign(new Error('Slow down.'), facts))
  expect(problem).toMatchObject({ status: 429, code: 'LIMBER_REQUEST_REFUSED', detail: 'Slow down.' })
})

test('every request has an id of its own', async () => {
  const { http } = await withRoutes((router) => router.get('/', ({ request }) => request.id))
  expect((await http.inject('/')).payload).not.toBe((await http.inject('/')).payload)
})
