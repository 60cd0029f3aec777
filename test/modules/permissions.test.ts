import type {} from 'limber/database'
import { ModuleCallError, ModulePermissionError } from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { type ModuleFiles, withModules } from '../support/module-folder.ts'

/** A module whose provider hands out a function that runs in the module's own scope. */
const withProbe = (body: string, manifest = ''): ModuleFiles => ({
  manifest,
  files: {
    'provider.ts': `
import { inject, injectable } from 'limber'
import { ModuleProvider } from 'limber/modules'

@injectable()
export class Desk {
  constructor(@inject('db.session') readonly session: unknown) {}
}
export class Shelf extends ModuleProvider {
  probe() { ${body} }
  inScope() { return this.app.scope(() => this.probe()) }
}`,
  },
})

interface Probing {
  probe(): unknown
  inScope(): Promise<unknown>
}

async function probing(module: ModuleFiles, others: Record<string, ModuleFiles> = {}) {
  const world = await withModules({ shop: module, ...others })
  await world.app.boot()
  await world.app.scope(() => undefined)
  const provider: unknown = world.app.make('modules').get('shop')
  return { ...world, shop: provider as Probing }
}

const caught = (work: () => unknown) => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('a module without the permission is refused', () => {
  it.each([
    ['db', 'use_app_db'],
    ['db.connection', 'use_app_db'],
    ['db.session', 'use_app_db'],
    ['modules', 'use_loader'],
    ['modules.start', 'use_loader'],
    ['http', 'use_http'],
    ['router', 'use_http'],
    ['bot', 'use_bot'],
  ])('%s by its own view of the application, and by the container in its scopes', async (key, permission) => {
    const { app, shop } = await probing(withProbe(`return this.app.make('${key}')`))
    const refused = caught(() => shop.probe())
    expect(refused).toBeInstanceOf(ModulePermissionError)
    expect(String(refused)).toContain(
      `Module "shop" asked for "${key}" without the permission ${permission}.`,
    )
    await expect(app.scope(() => app.make(key as 'db'), { module: 'shop' })).rejects.toThrow(
      ModulePermissionError,
    )
  })

  it('by injection, with the way to it', async () => {
    const { shop } = await probing(withProbe('return this.app.make(Desk)'))
    await expect(shop.inScope()).rejects.toMatchObject({
      code: 'LIMBER_MODULE_PERMISSION',
      path: ['Desk', '"db.session"'],
    })
  })

  it('in scopes that are opened inside its own, but not where a singleton is made for everybody', async () => {
    const { app } = await probing(withProbe(''))
    app.singleton('log.names' as 'app', (services) => services.make('db') as never)
    await app.scope(
      async () => {
        await expect(app.scope(() => app.make('db'))).rejects.toThrow(ModulePermissionError)
        expect(app.make('log.names' as 'app')).toBeDefined()
      },
      { module: 'shop' },
    )
    await app.scope(() => app.make('db').ping())
  })

  it('for what it binds itself, also outside of its scopes and whoever asks first', async () => {
    const { app, shop } = await probing(
      withProbe(
        `
        this.app.scoped('shop.desk', Desk)
        this.app.singleton('shop.safe', (services) => services.make('db'))
        this.app.singleton('shop.names', (services) => services.make('log'))
        this.app.scoped('shop.own', (services) => services.make('db.session.shop'))`,
        'permissions: [use_db]',
      ),
    )
    shop.probe()
    const ask = (key: string) => app.scope(() => app.make(key as 'log'))
    await expect(ask('shop.desk')).rejects.toThrow('Module "shop" asked for "db.session" without')
    await expect(ask('shop.safe')).rejects.toThrow('Module "shop" asked for "db" without')
    expect(() => app.make('shop.safe' as 'log')).toThrow(ModulePermissionError)
    await expect(ask('shop.names')).resolves.toBe(app.make('log'))
    await expect(ask('shop.own')).resolves.toBeDefined()
    await expect(app.scope(() => app.make('db.session'))).resolves.toBeDefined()
  })

  it('this.db', async () => {
    const { shop } = await probing(withProbe('return this.db'))
    expect(() => shop.probe()).toThrow(
      'Module "shop" asked for "this.db" without the permission use_db or require_db.',
    )
  })
})

describe('a module with the permission', () => {
  it('has its own session under its name, and not that of the application', async () => {
    const { shop, app } = await probing(
      withProbe(`return this.app.make('db.session.shop').execute('select 7 as n')`, 'permissions: [use_db]'),
    )
    await expect(shop.inScope()).resolves.toEqual([{ n: 7 }])
    await expect(app.scope(() => app.make('db.session'), { module: 'shop' })).rejects.toThrow('use_app_db')
  })

  it('never has the session of another module', async () => {
    const { app } = await probing(withProbe('', 'permissions: [use_db, use_app_db]'), {
      bank: { manifest: 'permissions: [use_db]' },
    })
    const ask = (work: () => unknown) => app.scope(work, { module: 'shop' })
    await expect(ask(() => app.make('db.session.bank' as 'db'))).rejects.toThrow(
      'which belongs to another module',
    )
    await expect(ask(() => app.make('db.sessions').get('modules.bank'))).rejects.toThrow('another module')
    await expect(ask(() => app.make('db.sessions').get('main'))).resolves.toBeDefined()
  })

  it('has what it asked for', async () => {
    const { shop } = await probing(
      withProbe(`return this.app.make('modules').list().length`, 'permissions: [use_loader]'),
    )
    expect(shop.probe()).toBe(1)
    await expect(shop.inScope()).resolves.toBe(1)
  })
})

describe('model statics', () => {
  const model = (name: string) => `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class ${name} extends Model {
  @Property() title!: string
}`

  it('use the own database with use_db, in which other modules have no part', async () => {
    const shelf: ModuleFiles = {
      manifest: 'permissions: [use_db]',
      files: {
        'models.ts': model('Book'),
        'provider.ts': `
import { ModuleProvider } from 'limber/modules'
import { Book } from './models.ts'
export class Shelf extends ModuleProvider {
  async onDatabaseReady() { await Book.create({ title: this.manifest.name }) }
  books() { return Book.all() }
}`,
      },
    }
    const { app, warnings } = await withModules({ shop: shelf, bank: shelf })
    await app.boot()
    await app.scope(() => undefined)
    expect(warnings()).toEqual([])
    interface Shelves {
      books(): Promise<{ title: string }[]>
    }
    const shop = app.make('modules').get('shop') as unknown as Shelves
    const titles = async () => (await shop.books()).map(({ title }) => title)
    expect(await app.scope(titles, { module: 'shop' })).toEqual(['shop'])
    await expect(app.scope(titles, { module: 'bank' })).rejects.toThrow(ModulePermissionError)
    expect(await app.scope(titles)).toEqual(['shop'])
  })
})

describe('the view of the application that a module has', () => {
  it.each(['boot', 'stop', 'dispose', 'run', 'removeBoundBy', 'registering', 'guard', 'onStop'])(
    'refuses %s()',
    async (name) => {
      const { shop } = await probing(withProbe(`return this.app.${name}()`))
      expect(() => shop.probe()).toThrow(ModuleCallError)
    },
  )

  it.each(['extend', 'rebind', 'swap'])('refuses %s() of what others have bound', async (verb) => {
    const { shop } = await probing(withProbe(`return this.app.${verb}('log', () => ({}))`))
    expect(() => shop.probe()).toThrow(`Module "shop" called app.${verb}("log"): that service was bound by`)
    const own = await probing(
      withProbe(
        `this.app.singleton('shop.x', () => 1); this.app.rebind('shop.x', () => 2); return this.app.make('shop.x')`,
      ),
    )
    expect(own.shop.probe()).toBe(2)
    expect(own.app.make('modules').list()[0]?.bindings).toContain('shop.x')
  })

  it('has what it may have, and is itself what "app" gives', async () => {
    const { shop } = await probing(
      withProbe(
        `return [this.app.has('db'), this.app.has('log'), this.app.make('app') === this.app, this.app.call(['config'], (c) => c.get('app.name'))]`,
      ),
    )
    expect(shop.probe()).toEqual([false, true, true, 'test'])
  })
})
