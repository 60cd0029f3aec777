/** @module Prints how much memory a stream takes where all of its rows are held: on SQLite, in memory. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Application } from 'limber'
import { DatabaseServiceProvider, fromUrl } from 'limber/database'
import { pino } from 'pino'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const COLUMNS = 'id, title, serial, details, is_fragile, arrived_at, shelf_id, deleted_at'

function heap(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

async function measure(rows: number): Promise<string> {
  const config = {
    app: { name: 'bench', providers: [] },
    database: { default: 'main', connections: { main: fromUrl('sqlite::memory:') } },
  }
  const providers = [(app: Application) => new DatabaseServiceProvider(app)]
  await using app = new Application({ root: '.', config, providers })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.execute(`create table item (${COLUMNS})`)
  const values = `n, 'a title of some forty characters, number ' || n, n, '{"a":' || n || '}', 1, 1763740800000, 1, null`
  await connection.execute(
    `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${rows})
     insert into item select ${values} from numbers`,
  )
  return await app.scope(async () => {
    const stream = app.make('db.session').getConnection('write').stream('select * from item')
    const before = heap()
    const started = performance.now()
    await stream.next()
    const ms = performance.now() - started
    const held = heap() - before
    await stream.return?.()
    return `${rows} rows: ${held.toFixed(1)} MB, the first after ${ms.toFixed(0)} ms`
  })
}

for (const rows of [10_000, 100_000, 1_000_000]) process.stdout.write(`${await measure(rows)}\n`)
