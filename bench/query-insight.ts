/** @module Prints what query insight costs per query, on a database in memory. */
import { Application } from 'limber'
import { DatabaseServiceProvider, fromUrl, type InsightConfig } from 'limber/database'
import { pino } from 'pino'

const QUERIES = 20_000

async function open(insight: InsightConfig): Promise<Application> {
  const connections = { main: fromUrl('sqlite::memory:') }
  const config = {
    app: { name: 'bench', providers: [] },
    database: { default: 'main', connections, insight },
  }
  const providers = [(app: Application) => new DatabaseServiceProvider(app)]
  const app = new Application({ root: '.', config, providers })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  await app.ready(['db'])
  return app
}

async function measure(insight: InsightConfig): Promise<number> {
  await using app = await open(insight)
  const connection = app.make('db.connection')
  const started = performance.now()
  await app.scope(async () => {
    for (let i = 0; i < QUERIES; i++) await connection.execute('select 1')
  })
  return ((performance.now() - started) * 1_000) / QUERIES
}

const cases: Readonly<Record<string, InsightConfig>> = {
  'off: nothing is put in the way': { slow: false, repeated: 'off' },
  'production: slow queries only': { repeated: 'off' },
  'development: repeated queries as well': { repeated: 'warn' },
}
// The application of a test counts queries as well: here NODE_ENV has to be another.
await measure({})
for (const [name, insight] of Object.entries(cases)) {
  const times: number[] = []
  for (let i = 0; i < 5; i++) times.push(await measure(insight))
  process.stdout.write(`${name}: ${Math.min(...times).toFixed(1)} µs per query\n`)
}
