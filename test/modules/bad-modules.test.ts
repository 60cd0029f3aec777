import { ConfigFileError } from 'limber'
import { HttpServiceProvider } from 'limber/http'
import { describe, expect, it } from 'vitest'
import { write } from '../support/app-folder.ts'
import { type ModuleWorld, moduleFolder, withModules } from '../support/module-folder.ts'
import { runLimber } from '../support/run-limber.ts'

const HEAD = 'name: bad\nversion: 1.0.0\n'
const manifest = (lines: string) => ({ 'module.yaml': `${HEAD}${lines}\n` })
const provider = (body: string) => ({
  'provider.ts': `import { ModuleProvider } from 'limber/modules'
export class Bad extends ModuleProvider {
  ${body}
}`,
})
const withRoutes = (text: string) => ({ ...manifest('permissions: [use_http]'), 'routes.ts': text })
const withModels = (text: string) => ({ ...manifest('permissions: [use_db]'), 'models/book.ts': text })
const withMigration = (text: string, name = '1.0.0.ts') => ({
  ...manifest('permissions: [use_db]'),
  [`migrations/${name}`]: text,
})
const migration = (up: string) => `import { Migration } from 'limber/database'
export class First extends Migration {
  override async up() {
    ${up}
  }
  override async down() {}
}`

type Mistake = readonly [
  mistake: string,
  files: Readonly<Record<string, string>>,
  place: string,
  reason: string,
]

const inManifests: readonly Mistake[] = [
  [
    'an unknown permission',
    manifest('permissions:\n  - use_db\n  - use_bd'),
    'module.yaml:5',
    'Did you mean "use_db"?',
  ],
  [
    'a version that is none',
    { 'module.yaml': 'name: bad\nversion: "1.3"\n' },
    'module.yaml:2',
    'a semantic version',
  ],
  ['a range that is none', manifest('requires:\n  fine: one'), 'module.yaml:4', 'a range of versions'],
  ['a requirement that is missing', manifest('requires:\n  nowhere: "*"'), 'module.yaml:4', 'no such module'],
  ['a requirement in another version', manifest('requires:\n  fine: ^2'), 'module.yaml:4', 'there is 1.0.0'],
  [
    'a package that is missing',
    manifest('packages:\n  no-such-package: ^99'),
    'module.yaml:4',
    'not installed',
  ],
  ['itself as a requirement', manifest('requires:\n  bad: ^1'), 'module.yaml:4', 'cannot require itself'],
  [
    'a path in its name',
    { 'module.yaml': 'version: 1.0.0\nname: ../bad\n' },
    'module.yaml:2',
    'lower case words',
  ],
  [
    'aliases of aliases',
    manifest('config:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]'),
    'module.yaml:4',
    'anchor',
  ],
  ['a tag', manifest('config:\n  x: !!js/function "() => 1"'), 'module.yaml:4', 'tag "!!js/function"'],
  ['levels without end', manifest(`config: ${'['.repeat(5000)}`), 'module.yaml:3', 'nests deeper'],
  ['no end', manifest(`# ${'x'.repeat(70_000)}`), 'module.yaml', 'at most 65536 are read'],
  ['a list that is not closed', manifest('config: [1,'), 'module.yaml:4', 'it is no YAML'],
  ['nothing in its manifest', { 'module.yaml': '' }, 'module.yaml:1', 'it is empty'],
]

const inCode: readonly Mistake[] = [
  [
    'code that throws on import',
    { 'provider.ts': '\n\nthrow new Error("broken")' },
    'provider.ts:3',
    'broken',
  ],
  [
    'code that throws deeper down',
    { 'provider.ts': 'import "./lib/a.ts"', 'lib/a.ts': '\nnull.x' },
    'lib/a.ts:2',
    'null',
  ],
  [
    'code that does not compile',
    { 'provider.ts': '\nexport class {\n' },
    'provider.ts:3',
    'does not compile',
  ],
  [
    'an import that is missing',
    { 'provider.ts': '\nimport "./lib/b.ts"' },
    'provider.ts:2',
    '"./lib/b.ts" is not there',
  ],
  [
    'no provider in provider.ts',
    { 'provider.ts': 'export const a = 1' },
    'provider.ts',
    'extends ModuleProvider',
  ],
  [
    'a constructor that throws',
    provider('x = (() => { throw new Error("broken") })()'),
    'provider.ts:3',
    'broken',
  ],
  [
    'register() that throws',
    provider('register() { throw new Error("broken") }'),
    'provider.ts:3',
    'register()',
  ],
  ['boot() that throws', provider('async boot() { throw new Error("broken") }'), 'provider.ts:3', 'boot()'],
  [
    'onInit() that throws',
    provider('async onInit() { throw new Error("broken") }'),
    'provider.ts:3',
    'onInit()',
  ],
  ['onInit() that throws no error', provider('onInit() { throw "broken" }'), 'provider.ts', 'broken'],
  [
    'a hook that asks for too much',
    provider('onInit() { this.app.make("db") }'),
    'provider.ts:3',
    'use_app_db',
  ],
  [
    'onDatabaseReady() that throws',
    { ...manifest('permissions: [use_db]'), ...provider('onDatabaseReady() { throw new Error("broken") }') },
    'provider.ts:3',
    'onDatabaseReady()',
  ],
]

const inParts: readonly Mistake[] = [
  [
    'routes that do not compile',
    withRoutes('\nexport default (router => {'),
    'routes.ts:2',
    'does not compile',
  ],
  [
    'routes that throw',
    withRoutes('export default (router: any) => {\n\n  router.gte("/x")\n}'),
    'routes.ts:3',
    'gte',
  ],
  ['routes that are no function', withRoutes('export const a = 1'), 'routes.ts', 'not a function'],
  [
    'a route without a slash',
    withRoutes('export default (router: any) => {\n  router.get("x", () => 1)\n}'),
    'routes.ts:2',
    'slash',
  ],
  ['routes without the permission', { 'routes.ts': 'export default () => {}' }, 'module.yaml:1', 'use_http'],
  [
    'a command that throws',
    { 'commands/sell.ts': '\nthrow new Error("broken")' },
    'commands/sell.ts:2',
    'broken',
  ],
  [
    'a command that is none',
    { 'commands/sell.ts': 'export const a = 1' },
    'commands/sell.ts',
    'static definition',
  ],
  ['models that do not compile', withModels('\nexport class {'), 'models/book.ts:2', 'does not compile'],
  ['models that throw', withModels('\nthrow new Error("broken")'), 'models/book.ts:2', 'broken'],
  ['models without a class', withModels('export const a = 1'), 'models/book.ts', 'no mapped class'],
  [
    'models without the permission',
    { 'models.ts': 'export const a = 1' },
    'module.yaml:1',
    'no permission for a database',
  ],
  [
    'a migration that does not compile',
    withMigration('\nexport class {'),
    'migrations/1.0.0.ts:2',
    'does not compile',
  ],
  [
    'a migration that is none',
    withMigration('export const a = 1'),
    'migrations/1.0.0.ts',
    'exports no migration',
  ],
  [
    'a migration that throws',
    withMigration(migration('throw new Error("broken")')),
    'migrations/1.0.0.ts:4',
    'broken',
  ],
  [
    'a migration with wrong SQL',
    withMigration(migration('await this.execute("creat table x")')),
    'migrations/1.0.0.ts',
    'syntax error',
  ],
  [
    'a migration with another name',
    withMigration(migration(''), 'v1.0.0.ts'),
    'migrations/v1.0.0.ts',
    'never be applied',
  ],
  [
    'strings that are no message',
    { 'strings/en.yaml': 'a: x\nb: "{name"\n' },
    'strings/en.yaml:2',
    'no ICU message',
  ],
]

const permissions = ['use_db', 'use_http']

async function worldOf(root: string, names: readonly string[], app = {}): Promise<ModuleWorld> {
  const modules = names.map((name) => ({ folder: `modules/${name}`, permissions }))
  return withModules(root, { providers: [HttpServiceProvider], app: { modules, ...app } })
}

async function start({ app }: ModuleWorld): Promise<void> {
  await app.boot()
  await app.scope(() => undefined)
}

function statesIn({ app }: ModuleWorld): Record<string, string> {
  return Object.fromEntries(
    app
      .make('modules')
      .list()
      .map(({ name, state }) => [name, state]),
  )
}

describe.each([...inManifests, ...inCode, ...inParts])('a module with %s', (_, files, place, reason) => {
  it('is told with its file and line, once, and costs the application nothing else', async () => {
    const world = await worldOf(moduleFolder({ bad: { files }, fine: {} }), ['bad', 'fine'])
    await start(world)
    expect(statesIn(world)).toEqual({ bad: 'failed', fine: 'loaded' })
    expect(world.warnings()).toEqual([expect.stringContaining(`modules/bad/${place}`)])
    expect(world.warnings()[0]).toContain(reason)
  })

  it('does not start where modules are strict', async () => {
    const root = moduleFolder({ bad: { files }, fine: {} })
    const world = await worldOf(root, ['bad', 'fine'], { strictModules: true })
    await expect(start(world)).rejects.toThrow(`modules/bad/${place}`)
  })
})

const article = (name: string) => `import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class ${name} extends Model {
  @Property() title!: string
}`

describe('a section', () => {
  const section = (text: string) => ({
    manifest: 'permissions: [use_app_db]',
    files: { 'models/article.ts': text },
  })

  it.each([
    ['that throws', '\nthrow new Error("broken")', 'modules/bad/models/article.ts:2'],
    ['that does not compile', '\nexport class {', 'modules/bad/models/article.ts:2'],
    ['that is none', 'export const a = 1', 'modules/bad/models/article.ts'],
    ['with a name that another section has', article('Page'), 'Page is also the name of another model'],
  ])('with a model %s leaves the database of the application as it is', async (_, text, reason) => {
    const granted = ['alike', 'bad', 'fine'].map((name) => ({
      folder: `modules/${name}`,
      permissions: ['use_app_db'],
    }))
    const root = moduleFolder({
      alike: section(article('Page')),
      bad: section(text),
      fine: section(article('Note')),
    })
    const world = await withModules(root, { app: { modules: granted } })
    await start(world)
    expect(statesIn(world)).toEqual({ alike: 'loaded', bad: 'failed', fine: 'loaded' })
    expect(world.warnings()).toEqual([expect.stringContaining(reason)])
    await world.app.make('db').ping()
  })
})

describe('base extensions that cannot be meant', () => {
  it.each([
    ['undefined', [undefined], 'extension 1 is no ModuleExtension'],
    ['another class', [class Other {}], 'extension 1 is no ModuleExtension'],
    ['no list', {}, 'extensions is not a list'],
  ])('%s stops the start', async (_, extensions, reason) => {
    const world = await withModules({ fine: {} }, { config: { modules: { extensions } } })
    await expect(start(world)).rejects.toThrow(`config/modules.ts cannot be used: ${reason}`)
  })
})

describe('modules that are bad together', () => {
  const ring = (name: string, required: string) => ({ [name]: { manifest: `requires:\n  ${required}: "*"` } })
  const taken = { 'vendor/fine/module.yaml': 'name: fine\nversion: 1.0.0\n' }

  it('a cycle of requirements is told for each with file and line, and who requires one of them', async () => {
    const cycle = { ...ring('a', 'b'), ...ring('b', 'c'), ...ring('c', 'a'), ...ring('d', 'c'), fine: {} }
    const world = await worldOf(moduleFolder(cycle), Object.keys(cycle))
    await start(world)
    expect(statesIn(world)).toEqual({ a: 'failed', b: 'failed', c: 'failed', d: 'failed', fine: 'loaded' })
    expect(world.warnings()).toEqual([
      'modules/a/module.yaml:6: "a" requires "b", and so requires itself: "a" → "b" → "c" → "a".',
      'modules/b/module.yaml:6: "b" requires "c", and so requires itself: "b" → "c" → "a" → "b".',
      'modules/c/module.yaml:6: "c" requires "a", and so requires itself: "c" → "a" → "b" → "c".',
      'modules/d/module.yaml:6: "d" requires "c", which cannot be loaded: see modules/c/module.yaml:6.',
    ])
  })

  it('two modules of one name are told with both files, and neither is loaded', async () => {
    const root = moduleFolder({ fine: {}, other: {} })
    write(root, taken)
    const modules = ['vendor/fine', 'modules/fine', 'modules/other'].map((folder) => ({
      folder,
      permissions,
    }))
    const world = await withModules(root, { app: { modules } })
    await start(world)
    expect(statesIn(world)).toMatchObject({ fine: 'failed', other: 'loaded' })
    const both = 'modules/fine/module.yaml:1, vendor/fine/module.yaml:1'
    expect([...new Set(world.warnings())]).toEqual([
      `2 modules are named "fine": ${both}. None of them is loaded.`,
    ])
    const strict = await withModules(root, { app: { modules, strictModules: true } })
    await expect(start(strict)).rejects.toThrow(both)
  })
})

describe('modules in config/app.ts that cannot be meant', () => {
  it.each([
    ['a text', 'modules/*', 'modules is not a list'],
    ['a map', { shop: 'modules/shop' }, 'modules is not a list'],
    ['an entry that is undefined', ['modules/fine', undefined], 'entry 2 of modules is neither'],
    ['an empty entry', [''], 'entry 1 of modules is neither'],
    ['a list in the list', [['modules/*']], 'entry 1 of modules is neither'],
    [
      'a folder that is none',
      [{ folder: 7, permissions: [] }],
      'the folder of entry 1 of modules is not a text',
    ],
    [
      'permissions that are left out',
      [{ folder: 'modules/fine' }],
      'the permissions of "modules/fine" are not',
    ],
    [
      'one permission instead of a list',
      [{ folder: 'modules/fine', permissions: 'use_db' }],
      'the permissions of "modules/fine" are not a list',
    ],
    [
      'a permission that there is not',
      [{ folder: 'modules/fine', permissions: ['use_bd'] }],
      '"modules/fine" is granted "use_bd", which is no permission',
    ],
  ])('%s stops the start', async (_, modules, reason) => {
    const world = await withModules(moduleFolder({ fine: {} }), { app: { modules } })
    const error: unknown = await start(world).catch((thrown: unknown) => thrown)
    expect(error).toHaveProperty('cause', expect.any(ConfigFileError))
    expect(String(error)).toContain(reason)
  })

  it.each([
    ['a folder that is not there', { folder: 'modules/nope', permissions: [] }, 'modules/nope/module.yaml'],
    ['a pattern of several levels', 'modules/**', '"**" is not read'],
    [
      'a pattern that is granted something',
      { folder: 'modules/*', permissions: [] },
      'a pattern is granted nothing',
    ],
  ])('%s is told, and the others are loaded', async (_, entry, reason) => {
    const modules = [entry, { folder: 'modules/fine', permissions: [] }]
    const world = await withModules(moduleFolder({ fine: {} }), { app: { modules } })
    await start(world)
    expect(statesIn(world)).toMatchObject({ fine: 'loaded' })
    expect(world.warnings()).toEqual([expect.stringContaining(reason)])
  })
})

describe('limber in an application with a bad module', () => {
  const folder = (strict: boolean) => {
    const root = moduleFolder({
      bad: { files: provider('onInit() { throw new Error("broken") }') },
      fine: {},
    })
    write(root, {
      'config/app.ts': `import { defineApp } from 'limber'
import { HttpServiceProvider } from 'limber/http'
import { ModulesServiceProvider } from 'limber/modules'
export default defineApp({
  name: 'test',
  providers: [HttpServiceProvider, ModulesServiceProvider],
  modules: ['bad', 'fine'].map((name) => ({ folder: \`modules/\${name}\`, permissions: [] })),
  strictModules: ${strict},
})
`,
      'config/http.ts': "import { defineHttp } from 'limber/http'\nexport default defineHttp({ port: 0 })\n",
      'app/http/routes.ts': 'export default () => {}\n',
    })
    return root
  }

  it('serve does not start where modules are strict, and says why', async () => {
    const { code, stdout, stderr } = await runLimber(['serve'], { cwd: folder(true) })
    expect(code).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain('modules/bad/provider.ts:3')
  })

  it('module list tells of it', async () => {
    const { code, stdout } = await runLimber(['module', 'list'], { cwd: folder(false) })
    expect(code).toBe(0)
    expect(stdout).toMatch(/fine/)
  })
})
