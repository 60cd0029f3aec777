/**
 * @module The database of a module, from the documentation of PBModular, without the messages around it: its models, its
 * engine and session maker, its points that are updated or inserted, and what it does when the database is ready.
 */
import path from 'node:path'
import type { Application } from 'limber'
import { BotServiceProvider } from 'limber/bot'
import { DatabaseServiceProvider } from 'limber/database'
import { ModulesServiceProvider } from 'limber/modules'
import { CapturedStream, createTestApplication } from 'limber/testing'
import { describe, expect, test } from 'vitest'
import type {} from '../../examples/modules/database-example/provider.ts'
import type {} from '../../examples/modules/user-points/provider.ts'
import { everyDatabase } from '../modules/every-database.ts'
import { appFolder } from '../support/app-folder.ts'
import { repository } from '../support/run-limber.ts'

const databases = await everyDatabase()

async function openExamples(database: string, storage: string) {
  const log = new CapturedStream()
  const modules = ['user-points', 'database-example'].map((name) => ({
    folder: path.join(repository, 'examples/modules', name),
    permissions: name === 'user-points' ? ['use_db', 'use_bot'] : ['use_db'],
  }))
  const root = storage
  const providers = [DatabaseServiceProvider, BotServiceProvider, ModulesServiceProvider]
  const kit = await createTestApplication({
    root,
    database: 'configured',
    config: {
      app: { name: 'examples', providers, modules },
      database: { default: 'main', connections: { main: 'sqlite:storage/main.sqlite' } },
      modules: { database },
      bot: { token: '', flood: false },
      log: { level: 'info', destination: log },
    },
  })
  await kit.app.ready()
  return { kit, app: kit.app, log }
}

const folder = () => appFolder({ 'config/app.ts': 'export default { name: "examples", providers: [] }' })

/** What the row is in the database, whatever the module says. */
async function rowsOf(app: Application) {
  const connection = app.make('db').connection('modules.user-points')
  const rows = await connection.execute('select * from user_profiles order by user_id')
  // Some drivers give large numbers as texts.
  return rows.map((row) => ({ ...row, user_id: Number(row.user_id) }))
}

describe.each(databases)('on $title', ({ create }) => {
  test('a user without a profile has no points, and points are added to a profile or make one', async () => {
    const { kit, app } = await openExamples(await create(), folder())
    await using _ = kit
    const points = app.make('modules').get('user-points')

    expect(await points.getUserPoints(77)).toBe(0)
    await points.addPoints(77, 5)
    expect(await rowsOf(app)).toEqual([{ user_id: 77, display_name: 'User 77', points: 5 }])
    await points.addPoints(77, 3)

    expect(await points.getUserPoints(77)).toBe(8)
    expect(await rowsOf(app)).toEqual([{ user_id: 77, display_name: 'User 77', points: 8 }])
  })

  test('the first points of a user may be added many times at once', async () => {
    const { kit, app } = await openExamples(await create(), folder())
    await using _ = kit
    const points = app.make('modules').get('user-points')

    await Promise.all(Array.from({ length: 8 }, () => points.addPoints(1, 1)))

    expect(await rowsOf(app)).toEqual([{ user_id: 1, display_name: 'User 1', points: 8 }])
  })

  test('when the database is ready, the profiles that are there are counted', async () => {
    const [database, root] = [await create(), folder()]
    {
      const { kit, app, log } = await openExamples(database, root)
      await using _ = kit
      expect(log.text).toContain('There are no user profiles yet.')
      await app.make('modules').get('user-points').addPoints(1, 1)
      await app.make('modules').get('user-points').addPoints(2, 1)
    }
    const { kit, log } = await openExamples(database, root)
    await using _ = kit
    expect(log.text).toContain('Found 2 user profiles.')
  })

  test('the tables of a module without migrations come from its models', async () => {
    const { kit, app } = await openExamples(await create(), folder())
    await using _ = kit

    const rows = await app.make('db').connection('modules.database-example').execute('select * from item')
    expect(rows.map(({ info }) => info)).toEqual(['test1', 'test2'])
    expect(await app.make('modules').get('database-example').items()).toEqual(['1 - test1', '2 - test2'])
    expect(await kit.run('items')).toMatchObject({
      exitCode: 0,
      stdout: 'Database items:\n1 - test1\n2 - test2\n',
    })
  })

  test('a module has the connection, for SQL, and a maker of sessions', async () => {
    const { kit, app } = await openExamples(await create(), folder())
    await using _ = kit
    const { db } = app.make('modules').get('user-points')

    await db.connection.execute("insert into user_profiles values (9, 'Ada', 4)")
    const found = await db.sessionScope((session) => session.execute('select points from user_profiles'))
    const inScope = await app.scope(() => db.session().execute('select display_name from user_profiles'))

    expect(found).toEqual([{ points: 4 }])
    expect(inScope).toEqual([{ display_name: 'Ada' }])
    expect(await kit.run('points', '9')).toMatchObject({ exitCode: 0, stdout: '4\n' })
  })
})
