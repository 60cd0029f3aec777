import { PoolTimeoutError } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { bootLibrary } from '../support/library-application.ts'
import { administer, POSTGRES, type Server } from '../support/servers.ts'
import { type ModulesOptions, NAMES, openOn, serverKinds } from './support/modules.ts'

/** Eyes on a server that are not in the pool they look at. */
async function watcherOf(server: Server, database: string) {
  const { app } = await bootLibrary({ driver: server.driver({ pool: { max: 1 } }), models: [] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  const sql =
    server === POSTGRES
      ? 'select pid as id from pg_stat_activity where datname = ?'
      : "select id from information_schema.processlist where concat(db, '_') like concat(?, '_%')"
  return async () => (await connection.execute(sql, [database])).map(({ id }) => Number(id))
}

describe.each(await serverKinds())('the pool that modules share on $title', ({ server }) => {
  const open = (options?: ModulesOptions) => openOn(server, options)
  const mark = server === POSTGRES ? '"' : '`'

  it('has no more connections than its cap, with all modules at work, and none when they are closed', async () => {
    const { app, add, drivers, database } = await open({ pool: { max: 3 } })
    const modules = await Promise.all(NAMES.map((name) => add(name)))
    // Those of the application itself are not what is counted.
    const own = 2
    const look = await watcherOf(server, database)
    let most = 0
    let isOver = false
    const looking = (async () => {
      while (!isOver) most = Math.max(most, (await look()).length)
    })()
    const work = modules.flatMap(({ model, name }) =>
      Array.from({ length: 8 }, (_, index) =>
        app.scope(async () => {
          await model.create({ owner: `${name} ${index}`, amount: index })
          expect((await model.all()).every(({ owner }) => owner.startsWith(`${name} `))).toBe(true)
        }),
      ),
    )
    await Promise.all(work)
    isOver = true
    await looking
    expect(most).toBeLessThanOrEqual(3 + own)
    for (const { model } of modules) await app.scope(async () => expect(await model.all()).toHaveLength(8))
    for (const { name } of modules) await app.make('db').remove(name)
    await drivers.close()
    await app.make('db').close()
    await expect.poll(look).toEqual([])
  })

  it('says who shares it when none becomes free', async () => {
    const { app, add } = await open({ pool: { max: 1, acquireTimeout: 2_000 } })
    const [one, other] = [await add('alpha'), await add('beta')]
    await app.scope(async () => {
      await one.model.create({ owner: 'Ada' })
      const waiting = other.connection.execute('select 1')
      await expect(waiting).rejects.toThrow(PoolTimeoutError)
      await expect(waiting).rejects.toThrow(/all 1 of the pool that all modules share are in use/)
    })
    expect(await other.connection.execute('select 1 as n')).toMatchObject([{ n: 1 }])
  })

  it('gives nobody what another has left behind: a transaction, settings, temporary tables, variables', async () => {
    const { add } = await open({ pool: { max: 1 } })
    const [one, other] = [await add('alpha'), await add('beta')]
    const settings =
      server === POSTGRES
        ? ['set statement_timeout to 54321', 'set search_path to public']
        : ['set @left = 1', 'set sql_mode = ansi']
    for (const sql of settings) await one.connection.execute(sql)
    await one.connection.execute('create temporary table left_behind (id integer)')
    // What a session refuses, a driver of one's own can do.
    await one.connection.execute('begin')
    await one.connection
      .execute(
        `insert into ${server === POSTGRES ? `module_alpha.` : ''}points (owner, amount, created_at, updated_at) values ('x', 1, now(), now())`,
      )
      .catch(async (error) => {
        if (!/created_at|column|Unknown/i.test(String(error))) throw error
      })
    const asked =
      server === POSTGRES
        ? "select current_setting('statement_timeout') as a, current_setting('search_path') as b"
        : 'select @left as a, database() as b, @@sql_mode as c'
    const [row] = await other.connection.execute(asked)
    if (server === POSTGRES) expect(row).toEqual({ a: '0', b: 'module_beta' })
    else {
      expect(row).toMatchObject({ a: null, b: expect.stringMatching(/_module_beta$/) })
      expect(row?.c).not.toMatch(/ANSI/)
    }
    await expect(other.connection.execute('select * from left_behind')).rejects.toMatchObject({
      code: 'LIMBER_TABLE_MISSING',
    })
    expect(await one.connection.execute('select owner from points')).toEqual([])
  })

  it('is opened again for a module that comes when all others have gone', async () => {
    const { app, add, database } = await open({ pool: { max: 2 } })
    const look = await watcherOf(server, database)
    const before = new Set(await look())
    for (let round = 0; round < 3; round++) {
      const { model, name } = await add('alpha')
      await app.scope(async () => expect(await model.all()).toEqual([]))
      await app.make('db').remove(name)
    }
    await expect.poll(async () => (await look()).filter((id) => !before.has(id))).toEqual([])
  })

  it('takes connections that the server has ended for what they are', async () => {
    const { app, add, database } = await open({ pool: { max: 2 } })
    const { model, connection } = await add('alpha')
    const look = await watcherOf(server, database)
    const kill = (id: number) => (server === POSTGRES ? `select pg_terminate_backend(${id})` : `kill ${id}`)
    const kills = (await look()).map((id) => administer(server, kill(id)))
    // One that has gone by itself meanwhile is not there to be ended.
    await Promise.allSettled(kills)
    await expect.poll(() => connection.execute('select 1 as n').catch(() => [])).toMatchObject([{ n: 1 }])
    await app.scope(async () => expect(await model.all()).toEqual([]))
  })

  it('has places with the names that are told', async () => {
    const { add, database } = await open()
    const { connection } = await add('user-points')
    const table =
      server === POSTGRES
        ? `${mark}module_user_points${mark}.points`
        : `${mark}${database}_module_user_points${mark}.points`
    expect(await connection.execute(`select count(*) as n from ${table}`)).toHaveLength(1)
  })
})
