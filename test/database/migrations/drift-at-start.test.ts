import { readdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { Writable } from 'node:stream'
import { Application, type Lazy } from 'limber'
import {
  DatabaseServiceProvider,
  DriftError,
  type Driver,
  fromUrl,
  type MigrationsConfig,
} from 'limber/database'
import { HttpServiceProvider } from 'limber/http'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../support/library-application.ts'
import { isThere, POSTGRES } from '../support/servers.ts'
import { Shelf, ShelfWithRoom } from './shelves.ts'

const FOLDER = 'database/migrations'

interface LogLine {
  readonly level: number
  readonly msg: string
  readonly pending?: readonly string[]
  readonly err?: { readonly message: string; readonly code?: string }
}

/** The lines that the application logs; whoever asks for the one with a text waits for it. */
class LogLines {
  readonly lines: LogLine[] = []
  readonly #waiting = new Map<string, (line: LogLine) => void>()
  readonly log = pino(
    { level: 'debug' },
    new Writable({
      write: (chunk, _, done) => {
        const line = JSON.parse(String(chunk)) as LogLine
        this.lines.push(line)
        for (const [text, resolve] of this.#waiting) if (line.msg.includes(text)) resolve(line)
        done()
      },
    }),
  )

  line(text: string): Promise<LogLine> {
    const known = this.lines.find(({ msg }) => msg.includes(text))
    return known ? Promise.resolve(known) : new Promise((resolve) => this.#waiting.set(text, resolve))
  }

  get warnings(): string[] {
    return this.lines.filter(({ level }) => level >= 40).map(({ msg }) => msg)
  }
}

interface Served {
  readonly root: string
  readonly model?: Lazy
  readonly migrations?: MigrationsConfig
  readonly driver?: Driver
}

async function application({ root, model = Shelf, migrations, driver }: Served) {
  const config = {
    app: { name: 'library', models: [model], providers: [], routes: 'routes.js' },
    database: {
      default: 'main',
      connections: { main: driver ?? fromUrl('sqlite:library.sqlite') },
      migrations: { drift: 'warn', ...migrations },
    },
    http: { port: 0 },
  }
  write(root, { 'routes.js': "export default (router) => router.get('/', () => 'hello')" })
  const log = new LogLines()
  const providers = [DatabaseServiceProvider, HttpServiceProvider]
  const app = new Application({ root, config, providers: providers.map((P) => (app) => new P(app)) })
  app.instance('log', log.log)
  await app.boot()
  onTestFinished(() => app.stop())
  return { app, log }
}

async function serve(options: Served) {
  const { app, log } = await application(options)
  await app.run(app.make('http'))
  return { app, log, get: async () => (await fetch(String(app.make('http').address))).text() }
}

/** A folder with one migration that is applied, and a record of the models it was written for. */
async function migratedFolder(): Promise<{ root: string; name: string }> {
  const root = tempFolder()
  write(root, {})
  const test = await commandsIn({ root, models: [Shelf] })
  await succeed(test, 'db', 'init')
  const [name = ''] = readdirSync(path.join(root, FOLDER)).filter((file) => file.endsWith('.ts'))
  return { root, name: name.slice(0, -3) }
}

const EMPTY_MIGRATION = `
  import { Migration } from 'limber/database'
  export class Later extends Migration { async up() {} }
`
const LATER = '20991231000000_later'
const NO_DRIFT = 'No drift was found'

describe('an application that begins to serve', () => {
  it('says nothing when models, migrations and database agree', async () => {
    const { root } = await migratedFolder()
    const { log } = await serve({ root })
    await log.line(NO_DRIFT)
    expect(log.warnings).toEqual([])
  })

  it('names the migrations that are pending, and the command to run, once', async () => {
    const { root } = await migratedFolder()
    write(root, { [`${FOLDER}/${LATER}.ts`]: EMPTY_MIGRATION })
    const { log, get } = await serve({ root })
    const line = await log.line('pending')
    expect(line).toMatchObject({ level: 40, pending: [LATER] })
    expect(line.msg).toBe(`A migration is pending: ${LATER}. Run: limber db migrate`)
    expect(await get()).toBe('hello')
    expect(log.warnings).toHaveLength(1)
  })

  it('takes a database without a ledger for one that has applied nothing, and leaves it as it is', async () => {
    const { root, name } = await migratedFolder()
    const { log } = await serve({ root, driver: fromUrl('sqlite:empty.sqlite') })
    expect((await log.line('pending')).pending).toEqual([name])
    expect(openRaw(path.join(root, 'empty.sqlite')).prepare('select name from sqlite_master').all()).toEqual(
      [],
    )
  })

  it('says that the models have changed since the last migration, and the commands to run', async () => {
    const { root } = await migratedFolder()
    const { log } = await serve({ root, model: ShelfWithRoom })
    expect((await log.line('changed')).msg).toBe(
      'The models have changed since the last migration was written. ' +
        'Run: limber db makemigrations --message "…", then: limber db migrate',
    )
  })

  it('says both in one line', async () => {
    const { root } = await migratedFolder()
    write(root, { [`${FOLDER}/${LATER}.ts`]: EMPTY_MIGRATION })
    const { log } = await serve({ root, model: ShelfWithRoom })
    expect((await log.line('changed')).msg).toContain(`A migration is pending: ${LATER}.`)
    expect(log.warnings).toHaveLength(1)
  })

  it('says that what was recorded cannot be read, as after a merge with conflicts', async () => {
    const { root } = await migratedFolder()
    writeFileSync(path.join(root, FOLDER, 'schema.json'), '<<<<<<< HEAD\n')
    const { log } = await serve({ root })
    expect((await log.line('schema.json cannot be read')).level).toBe(40)
    expect((await log.line('could not be looked for')).err?.code).toBe('LIMBER_RECORDED_SCHEMA')
  })

  it('is silent about models when nothing was recorded, or for another dialect', async () => {
    const { root } = await migratedFolder()
    const file = path.join(root, FOLDER, 'schema.json')
    writeFileSync(file, JSON.stringify({ format: 1, dialect: 'postgres', fingerprint: 'other', schema: {} }))
    const { log } = await serve({ root, model: ShelfWithRoom })
    await log.line(NO_DRIFT)
    expect(log.warnings).toEqual([])
  })
})

describe('the mode', () => {
  it.each<[string, MigrationsConfig]>([
    ['"off" looks at nothing', { drift: 'off' }],
    ['is "off" in tests unless they ask for another', { drift: { timeout: 1_000 } }],
  ])('%s', async (_, migrations) => {
    const { root } = await migratedFolder()
    const silent = await serve({ root, model: ShelfWithRoom, migrations })
    // Whoever begins later and has said something tells that the first has nothing to say.
    const other = await serve({ root, model: ShelfWithRoom })
    await other.log.line('changed')
    expect(silent.log.lines.map(({ msg }) => msg)).toEqual([])
  })

  it('"fail" stops the start before anything listens, and lets it go on when all is in order', async () => {
    const { root } = await migratedFolder()
    const migrations = { drift: { mode: 'fail' as const } }
    const { app } = await application({ root, model: ShelfWithRoom, migrations })
    const http = app.make('http')
    const start = app.run(http)
    await expect(start).rejects.toBeInstanceOf(DriftError)
    await expect(start).rejects.toMatchObject({
      code: 'LIMBER_DRIFT',
      message: 'The models have changed since the last migration was written.',
      hint: expect.stringContaining('limber db makemigrations --message "…", then: limber db migrate'),
    })
    expect(http.address).toBeUndefined()
    const { get } = await serve({ root, migrations })
    expect(await get()).toBe('hello')
  })
})

describe.runIf(await isThere(POSTGRES))('a database that does not answer', () => {
  const url = new URL(POSTGRES.url)
  const through = (port: number) => POSTGRES.driver({ host: '127.0.0.1', port, connectTimeout: 60_000 })

  it.each(['warn', 'fail'] as const)('is no reason not to serve: %s', async (mode) => {
    const { root } = await migratedFolder()
    const proxy = await tcpProxy(url.hostname, Number(url.port))
    await proxy.cut()
    const { log, get } = await serve({ root, driver: through(proxy.port), migrations: { drift: mode } })
    const line = await log.line('Drift could not be looked for')
    expect(line.level).toBe(20)
    expect(await get()).toBe('hello')
    expect(log.warnings).toEqual([])
  })

  it('is waited for as long as the configuration says', async () => {
    const { root } = await migratedFolder()
    const proxy = await tcpProxy(url.hostname, Number(url.port))
    proxy.freeze()
    const started = performance.now()
    const migrations = { drift: { mode: 'warn' as const, timeout: 50 } }
    const { log, get } = await serve({ root, driver: through(proxy.port), migrations })
    const line = await log.line('Drift could not be looked for')
    expect(line.err?.message).toBe('The database did not answer within 50 ms.')
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(await get()).toBe('hello')
    await proxy.cut()
  })

  it('does not keep an application from stopping', async () => {
    const { root } = await migratedFolder()
    const arrived = Promise.withResolvers<Socket>()
    const server = createServer((socket) => arrived.resolve(socket.on('error', () => socket.destroy())))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    // A server on a port has an address that is no text.
    const { port } = server.address() as AddressInfo
    const migrations = { drift: { mode: 'warn' as const, timeout: 60_000 } }
    const { app, log } = await serve({ root, driver: through(port), migrations })
    const socket = await arrived.promise
    const stopped = app.stop({ deadline: 100 })
    socket.destroy()
    await stopped
    expect(log.warnings).toEqual([])
  })
})
