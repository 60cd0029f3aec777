/** On every database that modules can share, a failing update leaves code and data as they were. */
import { fromUrl } from 'limber/database'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { administer, emptyDatabase, isThere, MARIADB, POSTGRES } from '../../database/support/servers.ts'
import { ModuleUpdate } from '../internals.ts'
import { execute, grounds } from '../support/grounds.ts'
import { applicationWith, shopFolder } from '../support/shop.ts'
import { shopOn, versionOn } from '../support/shop-on.ts'
import { testHost } from '../support/test-host.ts'

/** What the clients of servers would obey, and the application does not know. */
const ELSEWHERE = {
  PGHOSTADDR: '192.0.2.1',
  PGCLIENTENCODING: 'LATIN1',
  PGSERVICE: 'nowhere',
  PGPASSWORD: 'of another one',
  PGUSER: 'somebody',
  MYSQL_HOST: '192.0.2.1',
  MYSQL_TCP_PORT: '1',
}

describe.each(await grounds())('a failing update on $title', { timeout: 120_000 }, (ground) => {
  it('leaves everything as it was, whatever the environment says about servers', async () => {
    const { shop, state } = await shopOn(ground)
    const before = await state()
    for (const [name, value] of Object.entries(ELSEWHERE)) vi.stubEnv(name, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    const spoil = 'drop view living; delete from purchase; update customer set deleted_at = null'
    const failed = await shop.update(versionOn(ground, '1.3.0', `${spoil}; insert into nowhere values (1)`))
    expect(failed.stderr).toContain('LIMBER_MODULE_UPDATE_FAILED')
    expect(failed.stderr).toContain('failed while migrating')
    expect(failed.code).toBe(1)
    expect(await state()).toEqual(before)
    const updated = await shop.update(versionOn(ground))
    expect(updated.code, updated.stderr).toBe(0)
    expect(updated.stdout).toContain('Processes that have loaded shop go on with 1.0.0: start them again.')
    expect(await state()).not.toEqual(before)
  })
})

describe.runIf(await isThere(POSTGRES))('on PostgreSQL', { timeout: 60_000 }, () => {
  const SCHEMA = 'module_shop'

  it.each([
    [
      'an extension in its schema',
      `create extension citext schema ${SCHEMA}`,
      'the extension "citext" is in it',
    ],
    [
      'a view of the application on its tables',
      `create view public.buyers as select name from ${SCHEMA}.customer`,
      'the view buyers depends on it',
    ],
    [
      'a foreign key of the application to its tables',
      `create table public.visit (who integer references ${SCHEMA}.customer (id))`,
      'the table visit depends on it',
    ],
  ])('an update is refused where putting back would lose %s', async (_, statement, said) => {
    const database = await emptyDatabase(POSTGRES)
    const driver = POSTGRES.driver({ database, schema: SCHEMA })
    await execute(POSTGRES.driver({ database }), [
      `create schema ${SCHEMA}`,
      `create table ${SCHEMA}.customer (id serial primary key, name text not null)`,
      statement,
    ])
    const shop = applicationWith({ shop: {} })
    const [code, host] = [shop.code(), testHost(shop.root, { driver, loaded: ['shop'] })]
    const update = new ModuleUpdate(host).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.3.0' }),
    })
    await expect(update).rejects.toMatchObject({
      code: 'LIMBER_DATABASE_DUMP',
      message: expect.stringContaining(said),
    })
    expect([shop.code(), host.calls, shop.leftovers()]).toEqual([code, [], []])
  })

  it('an update is refused where its user could not put back the tables of another one', async () => {
    const database = await emptyDatabase(POSTGRES)
    const user = `limited_${database.slice(-8)}`
    onTestFinished(() => administer(POSTGRES, `drop role if exists ${user}`))
    await execute(POSTGRES.driver({ database }), [
      `create role ${user} login password 'secret'`,
      `grant create on database ${database} to ${user}`,
      `create schema ${SCHEMA} authorization ${user}`,
      `create table ${SCHEMA}.customer (id integer primary key)`,
    ])
    onTestFinished(() =>
      execute(POSTGRES.driver({ database }), [`drop owned by ${user} cascade`]).then(() => undefined),
    )
    const { hostname, port } = new URL(POSTGRES.url)
    const driver = fromUrl(`postgres://${user}:secret@${hostname}:${port}/${database}?schema=${SCHEMA}`)
    const shop = applicationWith({ shop: {} })
    const host = testHost(shop.root, { driver })
    const update = new ModuleUpdate(host).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.3.0' }),
    })
    await expect(update).rejects.toThrow('has to own the schema "module_shop" with all that is in it')
  })
})

describe.runIf(await isThere(MARIADB))('on MariaDB', { timeout: 60_000 }, () => {
  it.each([
    'create view living as select id from customer',
    'create trigger named before insert on customer for each row set new.id = 1',
  ])(
    'an update is refused where its user could not put back what another one has defined: %s',
    async (statement) => {
      const database = await emptyDatabase(MARIADB)
      const user = database.slice(-20)
      onTestFinished(() => administer(MARIADB, `drop user if exists '${user}'@'%'`))
      const pattern = database.replaceAll('_', '\\_')
      await administer(
        MARIADB,
        `create user '${user}'@'%' identified by 'secret'`,
        `grant all on \`${pattern}\`.* to '${user}'@'%'`,
      )
      const { hostname, port } = new URL(MARIADB.url)
      const driver = fromUrl(`mysql://${user}:secret@${hostname}:${port}/${database}`)
      await execute(driver, ['create table customer (id integer primary key)'])
      const update = async () => {
        const shop = applicationWith({ shop: {} })
        const host = testHost(shop.root, { driver, migrate: async () => undefined })
        const module = { name: 'shop', folder: shop.folder }
        return new ModuleUpdate(host).run({ module, source: shopFolder({ version: '1.3.0' }) })
      }
      await update()
      await execute(MARIADB.driver({ database }), [statement])
      await expect(update()).rejects.toMatchObject({
        code: 'LIMBER_DATABASE_DUMP',
        message: expect.stringMatching(/may not put back.*(view "living"|trigger "named")/),
      })
    },
  )
})
