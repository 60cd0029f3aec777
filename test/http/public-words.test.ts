import { globSync, readFileSync } from 'node:fs'
import type { LimberError } from 'limber'
import {
  ConnectionNotFoundError,
  ConstraintViolationError,
  FillableError,
  InvalidCursorError,
  ModelNotFoundError,
  PageError,
  RetriesExhaustedError,
  StaleModelError,
  TransactionConflictError,
  TransactionFailedError,
  TransactionLostError,
  TrashedKeyError,
  UniqueViolationError,
} from 'limber/database'
import { afterEach, expect, test, vi } from 'vitest'
import { withRoutes } from './serve-routes.ts'

afterEach(() => void vi.unstubAllEnvs())

/** Stands for models, values, SQL and names of constraints. */
const INSIDE = 'InsideWord'
const cause = new Error(`insert into ${INSIDE} violates ${INSIDE}`)
const unique = new UniqueViolationError(cause, { model: INSIDE, properties: ['email'] })

/** Every error of the database that a request can run into, and whose status is below 500. */
const errors: LimberError[] = [
  new ConnectionNotFoundError(INSIDE, [INSIDE]),
  new ConstraintViolationError(cause, 'reference'),
  new FillableError(INSIDE, ['role'], [INSIDE]),
  new InvalidCursorError(INSIDE),
  new ModelNotFoundError(INSIDE, { token: INSIDE }),
  new ModelNotFoundError(INSIDE, 7),
  new PageError('page', INSIDE),
  new RetriesExhaustedError(3, cause),
  new StaleModelError(cause),
  new TransactionConflictError(cause),
  new TransactionFailedError(unique, 'commit'),
  new TransactionFailedError(cause),
  new TransactionLostError(),
  new TrashedKeyError(INSIDE, { token: INSIDE }),
  unique,
]

async function reply(error: LimberError, environment: string) {
  vi.stubEnv('NODE_ENV', environment)
  const { http } = await withRoutes((router) => router.get('/', () => Promise.reject(error)))
  return http.inject('/')
}

test.for(errors)('in production a client is told nothing of the inside by %o', async (error) => {
  const { payload } = await reply(error, 'production')
  expect(payload).not.toContain(INSIDE)
  expect(payload).not.toMatch(/sessionScope|db\.|z\.|config\/|static /)
  expect(JSON.parse(payload).code).toBe(error.code)
})

test.for(['development', 'test'])('in %s it is told everything below 500', async (environment) => {
  const { payload } = await reply(unique, environment)
  expect(JSON.parse(payload).detail).toContain(`${INSIDE}.email`)
})

test('an environment of another name is as silent as production', async () => {
  expect((await reply(unique, 'staging')).payload).not.toContain(INSIDE)
})

test('every error of the database with such a status is looked at here, or belongs to a start or a command', () => {
  // Definitions of models, files, drivers, migrations and modules are read before the first request.
  const early = /\/(migrations|modules|seeders|factories|connections)\/|prune-errors/
  const isEarly = /LIMBER_(SOFT_DELETE_\w+|HARD_DELETE_CASCADE|DATABASE_URL|MODEL_FILE)$/
  const told = /code = '(LIMBER_\w+)'\n\s+readonly kind: ErrorKind = '(?!internal|unavailable|timeout)/g
  const codes = globSync('src/database/**/*errors.ts')
    .filter((file) => !early.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(told)].map(([, code = '']) => code))
    .filter((code) => !isEarly.test(code))
  const tested = errors.map(({ code }) => code)
  expect(codes.filter((code) => !tested.includes(code))).toEqual([])
})
