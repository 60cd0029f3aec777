/** @module One of several processes that share locks in a file, a database of SQLite, and a counter in a file. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Application } from 'limber'
import { CacheServiceProvider, defineCache, fileStore, type Lock } from 'limber/cache'
import { DatabaseServiceProvider } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { pino } from 'pino'

const folder = process.env.SHARED_FOLDER ?? ''
const counter = path.join(folder, 'counter')

const app = new Application({
  root: folder,
  config: {
    cache: defineCache({ stores: { main: fileStore() }, prefix: 'shared' }),
    database: { default: 'main', connections: { main: sqlite({ file: 'accounts.sqlite' }) } },
  },
  providers: [(app) => new CacheServiceProvider(app), (app) => new DatabaseServiceProvider(app)],
})
app.instance('log', pino({ level: 'silent' }))
await app.boot()
await app.ready(['cache.locker', 'db'])
const locker = app.make('cache.locker')
let lock: Lock | undefined

const answers: Readonly<Record<string, (count: number) => Promise<unknown>>> = {
  hold: async () => {
    lock = await locker.acquire('account', { ttl: 60_000 })
    return { fence: lock.fence }
  },
  write: async () => {
    if (!lock) throw new Error('There is no lock.')
    const sql = 'update accounts set owner = ?, fence = ? where id = 1 and fence < ? returning id'
    const rows = await app.make('db.connection').execute(sql, ['worker', lock.fence, lock.fence])
    return { believes: lock.isHeld(), rows: rows.length }
  },
  count: async (count) => {
    const add = async () => writeFile(counter, String(Number(await readFile(counter, 'utf8')) + 1))
    const turns = Array.from({ length: count }, () => locker.run('counter', { wait: 60_000 }, add))
    return { done: (await Promise.all(turns)).length }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const [what = '', count] = line.split(' ')
  console.log(JSON.stringify(await answers[what]?.(Number(count))))
}
