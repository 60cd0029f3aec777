/** @module Runs very many scopes in a process of its own and prints what memory did: `node --expose-gc`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application, afterCommit } from 'limber'
import { DatabaseServiceProvider, fromUrl } from 'limber/database'
import { pino } from 'pino'
import { Author, Book } from '../fixtures/library.ts'

const count = Number(process.env.SOAK_SCOPES)
const WINDOWS = 10
const root = mkdtempSync(path.join(tmpdir(), 'limber-soak-'))

const app = new Application({
  root,
  config: {
    app: { name: 'soak', models: [Author, Book], providers: [] },
    database: { default: 'main', connections: { main: fromUrl('sqlite:soak.sqlite') } },
  },
  providers: [(app) => new DatabaseServiceProvider(app)],
})
app.instance('log', pino({ level: 'silent' }))
await app.boot()
await app.ready(['db'])
// The disk is not what is tested here.
await app.make('db.connection').execute('pragma synchronous = off')
await app.make('db.connection').schema.create()
await app.make('db.connection').execute("insert into author (id, name) values (1, 'Mary Shelley')")
const listeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)

const kinds: (() => Promise<unknown>)[] = [
  () => app.scope(() => undefined),
  () => app.scope(() => app.make('db.session').findOne(Author, 1)),
  () =>
    app.scope(async () => {
      const author = await app.make('db.session').findOneOrFail(Author, 1)
      author.name = `name ${Math.random()}`
      afterCommit(() => undefined)
    }),
  () =>
    app.scope(async () => {
      app.make('db.session').create(Author, { name: 'lost' })
      await app.make('db.session').flush()
      throw new Error('regret')
    }),
  () =>
    app.scope(async () => {
      const session = app.make('db.session')
      await app.make('db').transaction(async () => {
        await session.nativeUpdate(Author, { id: 1 }, { name: 'lost' })
        throw new Error('regret')
      })
    }),
  () => app.scope(() => app.scope(() => app.make('db.session').count(Book)), { readOnly: true }),
]

async function work(scopes: number): Promise<void> {
  for (let i = 0; i < scopes; i++) await kinds[i % kinds.length]?.().catch(() => undefined)
}

/** What is left when everything that can go has gone. */
async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

const before = listeners()
await work(Math.ceil(count / WINDOWS))
const heaps: number[] = []
for (let window = 0; window < WINDOWS; window++) {
  await work(Math.ceil(count / WINDOWS))
  heaps.push(await heap())
}
const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
const result = { heaps, timers, listeners: listeners() - before }
await app.stop()
rmSync(root, { recursive: true })
process.stdout.write(`${JSON.stringify(result)}\n`)
