/** @module A process that counts in a database: its last arguments are the URL and how often. */
import { Application } from 'limber'
import { CacheServiceProvider, defineCache } from 'limber/cache'
import { databaseStore } from 'limber/database'
import { pino } from 'pino'

const [url = '', times = ''] = process.argv.slice(-2)
const config = { cache: defineCache({ stores: { main: databaseStore({ url }) }, prefix: 'library' }) }
await using app = new Application({
  root: '.',
  config,
  providers: [(app) => new CacheServiceProvider(app)],
})
app.instance('log', pino({ level: 'silent' }))
await app.boot()
await app.ready(['cache.stores'])
const store = app.make('cache.store')
await Promise.all(Array.from({ length: Number(times) }, () => store.increment('limit:a', 1, 60_000)))
process.stdout.write('done')
