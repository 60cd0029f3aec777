import type { Application } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
import { ModulesServiceProvider } from 'limber/modules'
import { createTestApplication } from 'limber/testing'
import { describe, expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { everyDatabase } from './every-database.ts'

const databases = await everyDatabase()
const NAMES = ['ants', 'bees', 'cats', 'dogs', 'elks', 'foxes', 'goats', 'hens']

const className = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

/** All of them have a table `note`, and one with their own name. */
function moduleFiles(name: string, permission: string): Record<string, string> {
  const folder = `modules/${name}`
  return {
    [`${folder}/module.yaml`]: `name: ${name}\nversion: 1.0.0\npermissions: [${permission}]\n`,
    [`${folder}/models/note.ts`]: `
      import { Model } from 'limber/database'
      import { Entity, Property } from 'limber/database/mapping'
      @Entity()
      export class Note extends Model {
        static override softDelete = true
        @Property()
        text!: string
      }
      @Entity({ tableName: 'only_${name}' })
      export class Only${className(name)} extends Model {
        @Property()
        text!: string
      }`,
    [`${folder}/provider.ts`]: `
      import { ModuleProvider } from 'limber/modules'
      import { Note, Only${className(name)} } from './models/note.ts'
      export class ${className(name)} extends ModuleProvider {
        ready = false
        override onDatabaseReady() { this.ready = true }
        async write(text) {
          await this.db.sessionScope((session) => {
            session.create(Note, { text })
            session.create(Only${className(name)}, { text })
          })
        }
        notes() { return this.db.sessionScope(async () => (await Note.all()).map((note) => note.text)) }
        trash() { return this.db.sessionScope(async (session) => session.remove(await session.findOneOrFail(Note, {}))) }
        sql(sql) { return this.db.sessionScope((session) => session.execute(sql)) }
      }`,
  }
}

interface Notes {
  readonly ready: boolean
  write(text: string): Promise<void>
  notes(): Promise<string[]>
  trash(): Promise<void>
  sql(sql: string): Promise<unknown[]>
}

async function open(database: string, permission = 'use_db', places: Readonly<Record<string, string>> = {}) {
  const files = Object.assign({}, ...NAMES.map((name) => moduleFiles(name, permission)))
  const root = appFolder({ ...files, 'config/app.ts': 'export default { name: "zoo", providers: [] }' })
  const modules = NAMES.map((name) => ({ folder: `modules/${name}`, permissions: [permission] }))
  const kit = await createTestApplication({
    root,
    database: 'configured',
    config: {
      app: { name: 'zoo', providers: [DatabaseServiceProvider, ModulesServiceProvider], modules },
      database: { default: 'main', connections: { main: 'sqlite:storage/main.sqlite' } },
      modules: { database, databases: places },
      log: { level: 'silent' },
    },
  })
  await kit.app.ready()
  return kit
}

const find = (app: Application, name: string) => app.make('modules').get(name) as unknown as Notes

describe.each(databases)('eight modules on $title', ({ create }) => {
  test('live side by side, each with tables and rows of its own', async () => {
    const database = await create()
    await using kit = await open(database)
    const { app } = kit
    expect(
      app
        .make('modules')
        .list()
        .map(({ name, state }) => [name, state]),
    ).toEqual(NAMES.map((name) => [name, 'loaded']))

    await Promise.all(NAMES.flatMap((name) => [1, 2, 3].map((n) => find(app, name).write(`${name} ${n}`))))
    await Promise.all(NAMES.map((name) => find(app, name).trash()))

    for (const name of NAMES) {
      const left = await find(app, name).notes()
      expect(left).toHaveLength(2)
      expect(left.every((text) => text.startsWith(`${name} `))).toBe(true)
      const rows = await app.make('db').connection(`modules.${name}`).execute('select * from note')
      expect(rows).toHaveLength(3)
      expect(rows.filter(({ deleted_at }) => deleted_at !== null)).toHaveLength(1)
    }
  })

  test('a session of one does not see the tables of another, nor those of the application', async () => {
    await using kit = await open(await create())
    const { app } = kit
    await app.make('db').connection().execute('create table of_the_application (id integer)')

    for (const name of NAMES) {
      const others = NAMES.filter((other) => other !== name).map((other) => `only_${other}`)
      for (const table of [...others, 'of_the_application']) {
        await expect(find(app, name).sql(`select * from ${table}`)).rejects.toThrow(
          /no such table|does not exist|doesn't exist/,
        )
      }
      expect(await find(app, name).sql(`select * from only_${name}`)).toEqual([])
    }
  })
})

test('one application has modules on all of these databases at once', async () => {
  const all = await Promise.all(databases.map(async ({ create }) => create()))
  const places = Object.fromEntries(NAMES.map((name, index) => [name, all[index % all.length] ?? 'files']))
  await using kit = await open('off', 'use_db', places)
  const { app } = kit

  await Promise.all(NAMES.map((name) => find(app, name).write(`of ${name}`)))

  const connectionOf = (name: string) => app.make('db').connection(`modules.${name}`)
  const dialects = new Set(NAMES.map((name) => connectionOf(name).driver.dialect))
  expect(dialects.size).toBe(databases.length)
  for (const name of NAMES) {
    expect(await find(app, name).notes()).toEqual([`of ${name}`])
    expect(await connectionOf(name).execute(`select text from only_${name}`)).toEqual([
      { text: `of ${name}` },
    ])
  }
})

test('with databases off, modules that can do without one run, and say so when they are asked for it', async () => {
  await using kit = await open('off', 'use_db')
  const [first] = kit.app.make('modules').list()
  expect(first).toMatchObject({ name: 'ants', state: 'loaded' })
  expect(find(kit.app, 'ants').ready).toBe(false)
  expect(() => find(kit.app, 'ants').notes()).toThrow('"modules.ants" is switched off')
})

test('with databases off, modules that require one are skipped, and it is said why', async () => {
  await using kit = await open('off', 'require_db')
  for (const info of kit.app.make('modules').list()) {
    expect(info.state).toBe('skipped')
    expect(String(info.reason)).toMatch(/database/)
  }
})
