/** DESIGN §4 as a table: what is saved, and what the caller is told, for each database, kernel, outcome and autoCommit. */
import { Readable } from 'node:stream'
import { type Application, ServiceProvider } from 'limber'
import { ConsoleKernel, defineCommand, Output } from 'limber/console'
import { type HttpContext, HttpServiceProvider, type RouteOptions } from 'limber/http'
import { CapturedStream } from 'limber/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Author } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'
import { onMariaDb, onPostgres, onSqlite, type Place } from './support/places.ts'
import { isThere, MARIADB, POSTGRES } from './support/servers.ts'

type Outcome =
  | 'success'
  | 'throw'
  | 'status 409'
  | 'stream'
  | 'failing commit'
  | 'failing serialisation'
  | 'forgotten flush'
type AutoCommit = 'on' | 'off'

/** What a unit of work does: it adds an author, and flushes by hand where nobody else would. */
async function store({ app, failCommit }: Place, outcome: Outcome, autoCommit: AutoCommit): Promise<void> {
  const session = app.make('db.session')
  session.create(Author, { name: 'Ada' })
  if (autoCommit === 'off' && outcome !== 'forgotten flush') await session.flush()
  if (outcome === 'failing commit') await failCommit(session)
  if (outcome === 'throw') throw new Error('regret')
}

/** Runs one unit of work through a kernel, and gives what its caller is told. */
type Kernel = (place: Place, outcome: Outcome, autoCommit: AutoCommit) => Promise<unknown>

const http: Kernel = async (place, outcome, autoCommit) => {
  const { app } = place
  const answer = async ({ response }: HttpContext) => {
    await store(place, outcome, autoCommit)
    if (outcome === 'status 409') response.status(409)
    if (outcome === 'stream') return Readable.from(saved(app))
    return { saved: outcome === 'failing serialisation' ? 'perhaps' : true }
  }
  const schemas: RouteOptions = {
    // What is streamed here is a text, which no schema describes.
    ...(outcome !== 'stream' && { response: z.object({ saved: z.boolean() }) }),
    ...(autoCommit === 'off' ? { autoCommit: false } : {}),
  }
  app.make('router').post('/authors', answer, schemas)
  const reply = await app.make('http').inject({ method: 'POST', url: '/authors' })
  if (outcome === 'stream') expect(reply.body).toBe('Mary Shelley,Ada')
  return reply.statusCode
}

/** A stream comes after the commit: it reads what has been saved. */
async function* saved(app: Application) {
  const authors = await app.make('db.session').find(Author, {}, { orderBy: { id: 1 } })
  yield authors.map(({ name }) => name).join(',')
}

const console: Kernel = async (place, outcome, autoCommit) => {
  const definition = defineCommand({ name: 'store', description: 'Store an author.' })
  class StoreCommand {
    static readonly definition = definition
    async run() {
      await store(place, outcome, autoCommit)
    }
  }
  const output = new Output(new CapturedStream(), new CapturedStream())
  const kernel = new ConsoleKernel(place.app, [{ definition, load: async () => ({ StoreCommand }) }], output)
  return (await kernel.run(['store'])) === 0 ? 'exit 0' : 'exit not 0'
}

const scope: Kernel = (place, outcome, autoCommit) => {
  const options = autoCommit === 'off' ? { autoCommit: false } : {}
  return place.app
    .scope(() => store(place, outcome, autoCommit), options)
    .then(
      () => 'resolved',
      () => 'rejected',
    )
}

const KERNELS = { http, console, scope }

type Cell = readonly [
  kernel: keyof typeof KERNELS,
  outcome: Outcome,
  autoCommit: AutoCommit,
  rows: number,
  told: unknown,
]

const TABLE: readonly Cell[] = [
  ['http', 'success', 'on', 1, 200],
  ['http', 'success', 'off', 1, 200],
  ['http', 'throw', 'on', 0, 500],
  ['http', 'throw', 'off', 0, 500],
  ['http', 'status 409', 'on', 0, 409],
  ['http', 'status 409', 'off', 0, 409],
  ['http', 'stream', 'on', 1, 200],
  ['http', 'stream', 'off', 1, 200],
  ['http', 'failing commit', 'on', 0, 409],
  ['http', 'failing commit', 'off', 0, 409],
  ['http', 'failing serialisation', 'on', 0, 500],
  ['http', 'failing serialisation', 'off', 0, 500],
  ['http', 'forgotten flush', 'off', 0, 500],
  ['console', 'success', 'on', 1, 'exit 0'],
  ['console', 'success', 'off', 1, 'exit 0'],
  ['console', 'throw', 'on', 0, 'exit not 0'],
  ['console', 'throw', 'off', 0, 'exit not 0'],
  ['console', 'failing commit', 'on', 0, 'exit not 0'],
  ['console', 'failing commit', 'off', 0, 'exit not 0'],
  ['console', 'forgotten flush', 'off', 0, 'exit not 0'],
  ['scope', 'success', 'on', 1, 'resolved'],
  ['scope', 'success', 'off', 1, 'resolved'],
  ['scope', 'throw', 'on', 0, 'rejected'],
  ['scope', 'throw', 'off', 0, 'rejected'],
  ['scope', 'failing commit', 'on', 0, 'rejected'],
  ['scope', 'failing commit', 'off', 0, 'rejected'],
  ['scope', 'forgotten flush', 'off', 0, 'rejected'],
]

/** A database that cannot refuse a commit can still be gone by then. */
const ON_MARIADB: Readonly<Record<string, unknown>> = { 'http: failing commit': 503 }

/** Commands say nothing about autoCommit themselves: theirs is that of the configuration. */
function optionsFor(kernel: keyof typeof KERNELS, autoCommit: AutoCommit) {
  const database = kernel === 'console' && autoCommit === 'off' ? { autoCommit: false } : {}
  return { database, providers: [HttpServiceProvider] }
}

const PLACES = [
  { title: 'SQLite', open: onSqlite },
  ...((await isThere(POSTGRES)) ? [{ title: 'PostgreSQL', open: onPostgres }] : []),
  ...((await isThere(MARIADB)) ? [{ title: 'MariaDB', open: onMariaDb }] : []),
]

describe.each(PLACES)('$title', ({ title, open }) => {
  it.each(TABLE)(
    '%s: %s with autoCommit %s saves %i rows and says %s',
    async (kernel, outcome, autoCommit, rows, told) => {
      const place = await open(optionsFor(kernel, autoCommit))
      const expected = (title === 'MariaDB' && ON_MARIADB[`${kernel}: ${outcome}`]) || told
      expect(await KERNELS[kernel](place, outcome, autoCommit)).toBe(expected)
      expect(await place.rows("select * from author where name = 'Ada'")).toHaveLength(rows)
      expect(await place.rows('select * from note')).toHaveLength(0)
      // Nothing holds the database any more, and the next unit of work is not disturbed.
      await expect.poll(place.openTransactions).toBe(0)
      expect(await place.app.scope(() => place.app.make('db.session').count(Author))).toBe(rows + 1)
    },
  )
})

describe('a stream', () => {
  it.each<[string, (app: Application) => Promise<unknown>]>([
    ['writes', (app) => app.make('db.session').insert(Author, { name: 'late' })],
    [
      'flushes a change',
      async (app) => {
        app.make('db.session').create(Author, { name: 'late' })
        await app.make('db.session').flush()
      },
    ],
    ['leaves a change', async (app) => app.make('db.session').create(Author, { name: 'late' })],
  ])('that %s is too late: nothing is saved, and the log says so', async (_what, late) => {
    const logged: unknown[] = []
    class RoutesProvider extends ServiceProvider {
      override boot() {
        this.app.make('log').error = ((facts: { err: unknown }) => logged.push(facts.err)) as never
        this.app.make('router').get('/export', ({ app }: HttpContext) =>
          Readable.from(
            (async function* () {
              yield 'first'
              await late(app)
            })(),
          ),
        )
      }
    }
    const { app, rows } = await openLibrary({ providers: [HttpServiceProvider, RoutesProvider] })
    await app
      .make('http')
      .inject('/export')
      .catch(() => undefined)
    await expect.poll(() => JSON.stringify(logged)).toContain('LIMBER_READ_ONLY_SCOPE')
    expect(rows('select * from author')).toHaveLength(1)
  })
})

it('a saved request stays a success when what waited for its commit fails', async () => {
  const place = await onSqlite(optionsFor('http', 'on'))
  const { app, rows } = place
  app.make('router').post('/authors', async (context: HttpContext) => {
    await store(place, 'success', 'on')
    context.app.currentScope()?.afterCommit(() => Promise.reject(new Error('no mail')))
    return { saved: true }
  })
  const reply = await app.make('http').inject({ method: 'POST', url: '/authors' })
  expect(reply.statusCode).toBe(200)
  expect(await rows("select * from author where name = 'Ada'")).toHaveLength(1)
})
