/** @module Prints what the look for drift at the start costs: its own time, and that of the first request with and without it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application } from 'limber'
import { DatabaseServiceProvider, type DriftMode, type Driver, fromUrl, Model } from 'limber/database'
import { Entity, Index, Property, types } from 'limber/database/mapping'
import { HttpServiceProvider } from 'limber/http'
import { createTestApplication } from 'limber/testing'
import { pino } from 'pino'

const MODELS = 20
const ROUNDS = 15
/** What the look may take, with as many models, on SQLite. */
const LIMIT = 30

/** Ten columns, an index, a trash. */
function model(index: number): typeof Model {
  class AnyModel extends Model {
    static override softDelete = true
  }
  for (let column = 0; column < 9; column++) {
    const options =
      column % 2 === 0 ? { type: types.string, length: 100 } : { type: types.integer, nullable: true }
    Property(options)(AnyModel.prototype, `column${column}`)
  }
  Index({ properties: ['column0'] as never })(AnyModel)
  Object.defineProperty(AnyModel, 'name', { value: `Model${index}` })
  Entity({ tableName: `model_${index}` })(AnyModel)
  return AnyModel
}

const models = Array.from({ length: MODELS }, (_, index) => model(index))

const providers = [DatabaseServiceProvider, HttpServiceProvider]

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

interface Start {
  /** From the moment the address is known to the answer. */
  readonly request: number
  /** What the look says that it took. */
  readonly look: number | undefined
}

async function start(root: string, driver: Driver, drift: DriftMode): Promise<Start> {
  const config = {
    app: { name: 'bench', models, providers: [], routes: 'routes.js' },
    database: { default: 'main', connections: { main: driver }, migrations: { drift } },
    http: { port: 0 },
  }
  await using app = new Application({ root, config, providers: providers.map((P) => (own) => new P(own)) })
  const ended = Promise.withResolvers<number>()
  const write = (line: string) => {
    const milliseconds = /"milliseconds":([\d.]+).*drift/.exec(line)?.[1]
    if (milliseconds !== undefined) ended.resolve(Number(milliseconds))
  }
  app.instance('log', pino({ level: 'debug' }, { write }))
  await app.boot()
  const http = app.make('http')
  await app.run(http)
  const started = performance.now()
  const reply = await fetch(String(http.address))
  await reply.text()
  const request = performance.now() - started
  return { request, look: drift === 'off' ? undefined : await ended.promise }
}

/** A folder with a database that has applied the first migration of the models. */
async function initialised(driver: Driver): Promise<string> {
  const root = mkdtempSync(path.join(tmpdir(), 'limber-bench-'))
  mkdirSync(path.join(root, 'config'))
  mkdirSync(path.join(root, 'node_modules'))
  symlinkSync(path.resolve('.'), path.join(root, 'node_modules/limber'), 'dir')
  writeFileSync(path.join(root, 'routes.js'), "export default (router) => router.get('/', () => 'hello')\n")
  const config = {
    app: { name: 'bench', models, providers },
    database: { default: 'main', connections: { main: driver } },
  }
  await using test = await createTestApplication({ root, config, database: 'configured' })
  const { exitCode, stderr } = await test.run('db', 'init')
  if (exitCode !== 0) throw new Error(stderr)
  return root
}

function print(name: string, times: readonly number[]): void {
  const [middle, slowest] = [median(times), Math.max(...times)].map((time) => time.toFixed(1))
  process.stdout.write(`  ${name}: median ${middle} ms, slowest ${slowest} ms\n`)
}

const driver = fromUrl('sqlite:bench.sqlite')
const root = await initialised(driver)
try {
  const off: number[] = []
  const on: number[] = []
  const looks: number[] = []
  // The first rounds compile what later ones use.
  for (let round = -3; round < ROUNDS; round++) {
    // Who comes first pays for what was left behind before.
    for (const mode of round % 2 === 0 ? (['off', 'warn'] as const) : (['warn', 'off'] as const)) {
      const { request, look } = await start(root, driver, mode)
      if (round < 0) continue
      const requests = mode === 'off' ? off : on
      requests.push(request)
      if (look !== undefined) looks.push(look)
    }
  }
  process.stdout.write(`SQLite, ${MODELS} models\n`)
  print('the look', looks)
  print('the first request, at once, without the look', off)
  print('the first request, at once, with the look', on)
  if (median(looks) > LIMIT) throw new Error(`The look takes more than ${LIMIT} ms.`)
} finally {
  rmSync(root, { recursive: true })
}
