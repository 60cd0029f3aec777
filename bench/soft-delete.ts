/** @module Prints what soft delete costs: reads, flushes and forks, each as a ratio to the same without it. */
import { type EntityManager, MikroORM } from '@mikro-orm/core'
import { SqliteDriver } from '@mikro-orm/sqlite'
import { Application } from 'limber'
import { DatabaseServiceProvider, type Driver, fromUrl, Model, type Session } from 'limber/database'
import { Entity, Index, Property, types } from 'limber/database/mapping'
import { pino } from 'pino'

const ROWS = 10_000
const ROUNDS = 15

@Entity()
class Hard extends Model {
  @Index()
  @Property({ type: types.integer })
  shelf!: number

  @Property({ type: types.string })
  title!: string

  /** As many columns as the other. */
  @Property({ type: types.datetime, length: 3, nullable: true })
  archivedAt?: Date | null
}

@Entity()
@Index({ properties: ['shelf'], where: { deletedAt: null } })
class Soft extends Model {
  static override softDelete = true

  @Property({ type: types.integer })
  shelf!: number

  @Property({ type: types.string })
  title!: string

  @Property({ type: types.datetime, length: 3, nullable: true })
  deletedAt?: Date | null
}

const ROWS_OF_EACH = Array.from({ length: ROWS }, (_, i) => ({ shelf: i % 100, title: `title ${i}` }))

type Work = (session: Session, model: typeof Hard | typeof Soft) => Promise<number>

/** The time of a statement that is undone, so that the next round finds the same rows. */
const undone = new Error('undone')

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const removing =
  (count: number): Work =>
  async (session, model) => {
    const rows = await session.find<Hard | Soft>(model, {}, { limit: count })
    return timed(() => {
      for (const row of rows) session.remove(row)
      return session.flush()
    })
  }

const CASES: Readonly<Record<string, Work>> = {
  'find 10,000 rows': (session, model) => timed(() => session.find<Hard | Soft>(model, {})),
  'find 100 rows by an index': (session, model) =>
    timed(() => session.find<Hard | Soft>(model, { shelf: 7 })),
  'count 10,000 rows': (session, model) => timed(() => session.count<Hard | Soft>(model, {})),
  'flush 1 remove': removing(1),
  'flush 1,000 removes': removing(1_000),
}

async function open(driver: Driver, rows = ROWS_OF_EACH): Promise<Application> {
  const config = {
    app: { name: 'bench', models: [Hard, Soft], providers: [] },
    database: { default: 'main', connections: { main: driver }, insight: { repeated: 'off' as const } },
  }
  const app = new Application({ root: '.', config, providers: [(own) => new DatabaseServiceProvider(own)] })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  for (const model of [Hard, Soft])
    await app.scope(() => app.make('db.session').insertMany<Hard | Soft>(model, rows))
  if (driver.dialect === 'postgres') await connection.execute('analyze')
  return app
}

async function measure(app: Application, model: typeof Hard | typeof Soft, work: Work): Promise<number> {
  let time = 0
  const round = app.scope(async () => {
    time = await work(app.make('db.session'), model)
    throw undone
  })
  await round.catch((error: unknown) => {
    if (error !== undone) throw error
  })
  return time
}

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

function print(name: string, [without, withSoft]: readonly [number[], number[]], unit = 'ms'): void {
  const [hard, soft] = [median(without), median(withSoft)]
  const ratio = (soft / hard).toFixed(2)
  process.stdout.write(
    `  ${name}: ${hard.toFixed(2)} ${unit} without, ${soft.toFixed(2)} ${unit} with soft delete: × ${ratio}\n`,
  )
}

async function compare(title: string, driver: Driver): Promise<void> {
  await using app = await open(driver)
  process.stdout.write(`${title}\n`)
  for (const [name, work] of Object.entries(CASES)) {
    const times: [number[], number[]] = [[], []]
    const rounds = name.includes(' 1 ') ? ROUNDS * 10 : ROUNDS
    // The first rounds compile what later ones use.
    for (let round = -3; round < rounds; round++) {
      // Who comes first pays for what was left behind before.
      const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
      for (const which of order) {
        const time = await measure(app, which === 0 ? Hard : Soft, work)
        if (round >= 0) times[which].push(time)
      }
    }
    print(name, times)
  }
}

/** The classes that a session is made of, from the first that knows of soft delete to the last that does not. */
async function managers(): Promise<(new () => EntityManager)[]> {
  await using app = await open(fromUrl('sqlite::memory:'), [])
  const chain: (new () => EntityManager)[] = []
  await app.scope(() => {
    for (let type = app.make('db.session').constructor; type; type = Object.getPrototypeOf(type))
      // Every class above that of a session is that of a manager.
      chain.push(type as new () => EntityManager)
  })
  const find = (name: string) => chain.filter((type) => type.name === name)
  return [...find('WritingEntityManager'), ...find('SoftDeletingEntityManager')]
}

async function compareForks(): Promise<void> {
  const measured = await Promise.all(
    (await managers()).map(async (entityManager) => {
      const settings = { driver: SqliteDriver as never, dbName: ':memory:', entities: [Hard] }
      const orm = await MikroORM.init({ ...settings, entityManager: entityManager as never })
      return { orm, times: [] as number[] }
    }),
  )
  const forks = 20_000
  for (let round = -2; round < ROUNDS * 2; round++) {
    for (const { orm, times } of round % 2 === 0 ? measured : measured.toReversed()) {
      const started = performance.now()
      for (let i = 0; i < forks; i++) orm.em.fork()
      if (round >= 0) times.push(((performance.now() - started) * 1_000) / forks)
    }
  }
  const [without = [], withSoft = []] = measured.map(({ times }) => times)
  process.stdout.write('fork\n')
  print('a session', [without, withSoft], 'µs')
  for (const { orm } of measured) await orm.close()
}

await compareForks()
await compare('SQLite', fromUrl('sqlite::memory:'))
const url = process.env.LIMBER_TEST_POSTGRES_URL ?? 'postgres://root@127.0.0.1:5432/postgres'
await compare('PostgreSQL', fromUrl(url).scratch())
