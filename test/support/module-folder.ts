/** @module An application folder with modules in it, for one test; `limber` is installed in it by a link. */
import { type Application, createApplication, type ModuleEntry, type ServiceProviderClass } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { type ModulesConfig, ModulesServiceProvider } from 'limber/modules'
import { onTestFinished } from 'vitest'
import { appFolder, write } from './app-folder.ts'
import { logLines } from './log-lines.ts'

/** The files of one module; `module.yaml` is written for it, with these lines added. */
export interface ModuleFiles {
  /** Lines of its manifest beside name and version: `permissions: [use_db]`. */
  readonly manifest?: string
  readonly version?: string
  readonly files?: Readonly<Record<string, string>>
}

export interface ModuleFolderOptions {
  /** What the application lists besides the provider of modules, before it. */
  readonly providers?: readonly ServiceProviderClass[]
  /** Default: a database in a file. */
  readonly database?: 'file' | 'none'
  readonly modules?: ModulesConfig
  /** More of the section `app`. */
  readonly app?: Readonly<Record<string, unknown>>
  /** Other sections of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  /** What is consented to; default: whatever each manifest asks for. */
  readonly grant?: Readonly<Record<string, readonly string[] | undefined>>
}

const EVERYTHING = ['use_db', 'require_db', 'use_app_db', 'use_http', 'use_bot', 'use_loader']

export interface ModuleWorld {
  readonly app: Application
  readonly root: string
  /** What was logged as a warning or worse. */
  readonly warnings: () => string[]
}

/** Writes a folder with modules, by name. */
export function moduleFolder(modules: Readonly<Record<string, ModuleFiles>>): string {
  const root = appFolder({ 'package.json': '{"type":"module"}' })
  for (const [name, module] of Object.entries(modules)) writeModule(root, name, module)
  return root
}

/** Writes a module into an application folder, or over the one that is there. */
export function writeModule(
  root: string,
  name: string,
  { manifest = '', version = '1.0.0', files = {} }: ModuleFiles,
): void {
  const head = `name: ${name}\nversion: ${version}\ndescription: The module ${name}.\nauthor: Ada Lovelace\n`
  const all = { 'module.yaml': `${head}${manifest}\n`, ...files }
  const placed = Object.entries(all).map(([file, text]) => [`modules/${name}/${file}`, text])
  write(root, Object.fromEntries(placed))
}

/** Creates an application with these modules. It is not booted; it is stopped when the test ends. */
export async function withModules(
  modules: Readonly<Record<string, ModuleFiles>> | string,
  options: ModuleFolderOptions = {},
): Promise<ModuleWorld> {
  const root = typeof modules === 'string' ? modules : moduleFolder(modules)
  const names = typeof modules === 'string' ? [] : Object.keys(modules)
  const { database = 'file', providers = [], grant = {} } = options
  const granted = names.map((name): ModuleEntry => {
    const permissions = Object.hasOwn(grant, name) ? grant[name] : EVERYTHING
    return permissions ? { folder: `modules/${name}`, permissions } : `modules/${name}`
  })
  const log = logLines()
  write(root, {
    'config/app.ts':
      "import { defineApp } from 'limber'\nexport default defineApp({ name: 'test', providers: [] })\n",
  })
  const config = {
    app: {
      name: 'test',
      providers: [
        ...(database === 'none' ? [] : [DatabaseServiceProvider]),
        ...providers,
        ModulesServiceProvider,
      ],
      modules: names.length > 0 ? granted : ['modules/*'],
      ...options.app,
    },
    log: { level: 'debug', destination: log },
    ...(database === 'none'
      ? {}
      : { database: { default: 'main', connections: { main: sqlite({ file: 'storage/main.sqlite' }) } } }),
    ...(options.modules && { modules: options.modules }),
    ...options.config,
  }
  const app = await createApplication({ root, config })
  onTestFinished(async () => {
    if (app.state !== 'stopped') await app.stop()
  })
  return { app, root, warnings: () => log.warnings() }
}
