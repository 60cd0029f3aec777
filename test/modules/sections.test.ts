import { existsSync } from 'node:fs'
import path from 'node:path'
import type {} from 'limber/database'
import { ModulePartError, ModuleRestartError } from 'limber/modules'
import { expect, it } from 'vitest'
import { type ModuleFiles, withModules } from '../support/module-folder.ts'

const model = `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class Book extends Model {
  @Property() title!: string
}`

const section: ModuleFiles = {
  manifest: 'permissions: [use_app_db]',
  files: {
    'models/book.ts': model,
    'provider.ts': `
import { ModuleProvider } from 'limber/modules'
import { Book } from './models/book.ts'
export class Library extends ModuleProvider {
  async add(title: string) {
    await this.app.scope(() => Book.create({ title }))
    return this.app.scope(() => Book.all())
  }
}`,
  },
}

it('a section has its models in the database of the application', async () => {
  const { app, root } = await withModules({ library: section })
  await app.boot()
  await app.ready(['db'])
  await app.make('db').connection().orm.schema.update()
  await app.scope(() => undefined)
  const library: unknown = app.make('modules').get('library')
  await expect(Reflect.get(Object(library), 'add').call(library, 'Emma')).resolves.toMatchObject([
    { title: 'Emma' },
  ])
  await app.scope(async () => {
    expect(await app.make('db.session').execute('select title from book')).toEqual([{ title: 'Emma' }])
  })
  expect(existsSync(path.join(root, 'storage/modules/library.sqlite'))).toBe(false)
})

it.each(['unload', 'reload'] as const)('%s of a section with models asks for a restart', async (verb) => {
  const { app } = await withModules({ library: section })
  await app.boot()
  const modules = app.make('modules')
  await expect(modules[verb]('library')).rejects.toThrow(ModuleRestartError)
  expect(modules.get('library')).toBeDefined()
})

it('a section without models is unloaded and loaded like any other module', async () => {
  const { app } = await withModules({ library: { manifest: 'permissions: [use_app_db]' } })
  await app.boot()
  const modules = app.make('modules')
  await modules.unload('library')
  await modules.load('library')
  expect(modules.list()[0]?.state).toBe('loaded')
})

it('migrations in a section are refused: its tables come with those of the application', async () => {
  const files = { ...section.files, 'migrations/1.0.0.ts': 'export class A {}' }
  const { app } = await withModules({ library: { ...section, files } })
  await app.boot()
  const [info] = app.make('modules').list()
  expect(info?.reason).toBeInstanceOf(ModulePartError)
  expect(info?.reason?.hint).toContain('limber db makemigrations')
})

it('a module with both permissions has its models in its own database, and may use the other', async () => {
  const both = { ...section, manifest: 'permissions: [use_app_db, use_db]' }
  const { app } = await withModules({ library: both })
  await app.boot()
  await app.scope(() => undefined)
  const tables = async (session: 'db.session') =>
    app.scope(() => app.make(session).execute("select name from sqlite_master where name = 'book'"), {
      module: 'library',
    })
  expect(await tables('db.session')).toEqual([])
  expect(await tables('db.session.library' as 'db.session')).toEqual([{ name: 'book' }])
})
