import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  connectionNameOf,
  DatabaseOffError,
  fromUrl,
  ModuleDatabaseDriverError,
  ModuleDatabaseNameError,
  ModuleDatabaseRefusedError,
  ModuleDrivers,
  nullDriver,
} from 'limber/database'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administer, POSTGRES } from '../support/servers.ts'
import { type ModulesOptions, openApplication, openOn, serverKinds } from './support/modules.ts'

describe('ModuleDrivers', () => {
  it('gives each module a file', async () => {
    const { root, add } = await openApplication()
    await add('user-points')
    expect(existsSync(path.join(root, 'modules', 'user-points.sqlite'))).toBe(true)
  })

  it('gives files where "shared" finds an application on a file', async () => {
    const { root, drivers, add } = await openApplication({ database: 'shared' })
    await add('alpha')
    expect(existsSync(path.join(root, 'modules', 'alpha.sqlite'))).toBe(true)
    expect(await drivers.off('alpha')).toBe(false)
  })

  it('is off when it is told so, and where the default connection is', async () => {
    const off = await openApplication({ database: 'off' })
    const asNull = await openApplication({ database: 'null:' })
    const follows = await openApplication({ main: nullDriver() })
    for (const { drivers } of [off, asNull, follows]) {
      expect(await drivers.off('alpha')).toBe(true)
      await expect(drivers.for('alpha')).rejects.toThrow(DatabaseOffError)
    }
    expect(
      await (await openApplication({ main: nullDriver(), database: 'files' })).drivers.off('alpha'),
    ).toBe(false)
  })

  it('refuses a database that modules cannot share', async () => {
    const { app } = await openApplication()
    for (const database of ['sqlite:all.sqlite', fromUrl('sqlite:all.sqlite')]) {
      const finding = new ModuleDrivers(app, { database }).for('alpha')
      await expect(finding).rejects.toThrow(ModuleDatabaseDriverError)
      await expect(finding).rejects.toMatchObject({ hint: expect.stringContaining("'files'") })
    }
    await expect(new ModuleDrivers(app, { database: 'postgers://x/y' }).off('alpha')).rejects.toMatchObject({
      code: 'LIMBER_DATABASE_URL',
    })
  })

  it.each(['', 'Shop', '../shop', 'a/b', 'a b', 'a_b', '-a', 'a--b', 'a.b'])(
    'refuses the name "%s"',
    async (name) => {
      const { drivers } = await openApplication()
      await expect(drivers.for(name)).rejects.toThrow(ModuleDatabaseNameError)
    },
  )
})

describe.each(await serverKinds())('the places of modules on $title', ({ server }) => {
  const open = (options?: ModulesOptions) => openOn(server, options)
  const isPostgres = server === POSTGRES

  it('are created by two who begin at once', async () => {
    const { database } = await open()
    const place = { database: server.driver({ database }) }
    // Each has a pool of its own, as two processes have.
    const both = await Promise.all([openApplication(place), openApplication(place)])
    await Promise.all(
      both.map(async ({ app: one, drivers }) => {
        const driver = await drivers.for('alpha')
        await one.make('db').add({ name: connectionNameOf('alpha'), driver, models: [], module: 'alpha' })
      }),
    )
    for (const { app: one } of both) {
      expect(await one.make('db').connection('modules.alpha').execute('select 1 as n')).toMatchObject([
        { n: 1 },
      ])
    }
  })

  it('can be on another server than the application', async () => {
    const { database } = await open()
    const url = new URL(server.url)
    url.pathname = `/${database}`
    const { app, add } = await openApplication({ database: url.href })
    const { model } = await add('alpha')
    await app.scope(() => model.create({ owner: 'Ada' }))
    await app.scope(async () => expect(await model.all()).toHaveLength(1))
  })

  it('have names that the server can take', async () => {
    const { drivers, database } = await open()
    const longest = isPostgres ? 63 - 'module_'.length : 64 - `${database}_module_`.length
    await expect(drivers.for('a'.repeat(longest + 1))).rejects.toThrow(ModuleDatabaseNameError)
    await expect(drivers.for('a'.repeat(longest + 1))).rejects.toThrow(/there may be 6[34]/)
    expect(await drivers.for('a'.repeat(longest))).toMatchObject({
      dialect: isPostgres ? 'postgres' : 'mysql',
    })
  })

  it('are empty databases for a while in tests', async () => {
    const { app, add, database } = await open({ scratch: true })
    const { connection, model } = await add('alpha')
    await app.scope(() => model.create({ owner: 'Ada' }))
    expect(await connection.execute('select owner from points')).toEqual([{ owner: 'Ada' }])
    await app.stop()
    const { add: addReal } = await openApplication({ database: server.driver({ database }) })
    expect(await (await addReal('alpha')).connection.execute('select owner from points')).toEqual([])
  })

  it('tell a user without the right what an administrator can run, and work when that was run', async () => {
    const { app: host, database } = await open()
    const user = `limber_${randomBytes(4).toString('hex')}`
    const login = isPostgres ? user : `'${user}'@'%'`
    await administer(
      server,
      isPostgres
        ? `create role ${user} login password 'secret'`
        : `create user ${login} identified by 'secret'`,
      isPostgres
        ? `revoke create on database ${database} from public`
        : `grant all on ${database}.* to ${login}`,
    )
    onTestFinished(async () => {
      if (isPostgres) await administer(server, `drop database if exists ${database} with (force)`)
      await administer(server, isPostgres ? `drop role ${user}` : `drop user ${login}`)
    })
    const url = new URL(server.url)
    const driver = fromUrl(`${url.protocol}//${user}:secret@${url.host}/${database}`)
    const { app, drivers, add } = await openApplication({ database: driver })
    const failed: unknown = await add('alpha').catch((error: unknown) => error)
    if (!(failed instanceof ModuleDatabaseRefusedError)) throw failed
    expect(failed.message).not.toContain('secret')
    const [, statements = ''] = /^An administrator can run: (.*)$/.exec(failed.hint ?? '') ?? []
    const admin = host.make('db.connection')
    for (const statement of statements.split('; ')) await admin.execute(statement)
    const { model } = await add('alpha')
    await app.scope(() => model.create({ owner: 'Ada' }))
    if (isPostgres) {
      await admin.execute('create schema module_beta')
      const refused: unknown = await add('beta').catch((error: unknown) => error)
      expect(refused).toMatchObject({ hint: expect.stringContaining('grant usage, create on schema') })
    }
    await app.stop()
    await drivers.close()
  })
})
