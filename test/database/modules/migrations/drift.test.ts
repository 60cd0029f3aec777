import { Writable } from 'node:stream'
import { Application, ServiceProvider } from 'limber'
import { DatabaseServiceProvider, DriftError, type Driver, fromUrl } from 'limber/database'
import { pino } from 'pino'
import { expect, it, onTestFinished } from 'vitest'
import { Item, ItemWithMore, shopDatabases, shopOn } from './shop.ts'

const [sqlite] = await shopDatabases()

/** Starts an application whose module has this model, and gives what it warned of. */
async function start(
  driver: Driver,
  root: string,
  folder: string,
  model: typeof Item,
  mode: 'warn' | 'fail',
) {
  const said = Promise.withResolvers<string>()
  const lines = new Writable({
    write: (chunk, _, done) => {
      const { msg } = JSON.parse(String(chunk))
      if (/drift|changed/i.test(msg)) said.resolve(msg)
      done()
    },
  })
  const source = { module: 'shop', connection: 'shop', version: '1.0.0', migrations: folder }
  class Modules extends ServiceProvider {
    override register() {
      this.app.instance('modules.databases', { all: () => [source], open: async () => source })
    }
  }
  const config = {
    app: { name: 'library', models: [model], providers: [] },
    database: {
      default: 'main',
      connections: { main: fromUrl('sqlite::memory:'), shop: driver },
      migrations: { drift: mode },
    },
  }
  const providers = [DatabaseServiceProvider, Modules].map((P) => (app: Application) => new P(app))
  const app = new Application({ root, config, providers })
  app.instance('log', pino({ level: 'debug' }, lines))
  await app.boot()
  onTestFinished(() => app.stop())
  await app.run({ name: 'idle', needs: ['db'], start: async () => undefined, stop: async () => undefined })
  return said.promise
}

async function migratedShop() {
  const driver = await (sqlite as NonNullable<typeof sqlite>).create()
  const shop = await shopOn(driver)
  const app = await shop.open({ models: [Item] })
  await app.run('makemigrations', '--module', 'shop', '-m', 'create items')
  await app.migrate()
  return { driver, shop }
}

it('the start says that the models of a module have changed since its last migration', async () => {
  const { driver, shop } = await migratedShop()
  const changed = await start(driver, shop.root, shop.folder, ItemWithMore, 'warn')
  expect(changed).toBe(
    'The models of the module "shop" have changed since its last migration was written. Run: limber db makemigrations --module shop --message "…"',
  )
  const unchanged = await start(driver, shop.root, shop.folder, Item, 'warn')
  expect(unchanged).toBe('No drift was found.')
})

it('the start fails over it where the configuration says so', async () => {
  const { driver, shop } = await migratedShop()
  await expect(start(driver, shop.root, shop.folder, ItemWithMore, 'fail')).rejects.toThrow(DriftError)
})

it('a module whose tables come from its models never drifts', async () => {
  const driver = await (sqlite as NonNullable<typeof sqlite>).create()
  const shop = await shopOn(driver)
  await (await shop.open({ models: [Item] })).migrate()
  expect(await start(driver, shop.root, shop.folder, ItemWithMore, 'warn')).toBe('No drift was found.')
})
