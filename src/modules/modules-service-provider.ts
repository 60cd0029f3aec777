/** @module Registers `modules`, and brings them to life before the first unit of work. */
import type { DoctorCheck } from '../application/ports/doctor-check.ts'
import type { ModelSource } from '../application/ports/model-source.ts'
import type { ModuleDatabases } from '../application/ports/module-databases.ts'
import type { StartWatch } from '../application/ports/start-watch.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { CommandSource } from '../console/command-source.ts'
import { ModuleDrivers } from '../database/modules/module-drivers.ts'
import { throwAll } from '../errors/attempt-all.ts'
import { binderOf } from './binder.ts'
import { Catalog } from './catalog.ts'
import { checkExtensions } from './check-extensions.ts'
import { DatabasesOfModules } from './databases-of-modules.ts'
import { examineModules } from './examine-modules.ts'
import { Lives } from './life/lives.ts'
import { ModuleConnections } from './life/module-connections.ts'
import type { ModuleRoom } from './life/module-room.ts'
import { isSection } from './life/own-database.ts'
import type {} from './module-types.ts'
import { Modules } from './modules.ts'
import type {} from './modules-config.ts'
import { ModuleAccess } from './permissions/module-access.ts'
import { EnabledModules } from './state/enabled-modules.ts'
import { storageOf } from './storage.ts'
import { WorkQueue } from './work-queue.ts'

declare module '../container/services.ts' {
  interface Services {
    modules: Modules
    'modules.start': Modules
    'modules.watch': StartWatch
    'modules.commands': CommandSource
    'modules.doctor': DoctorCheck
    'modules.models': ModelSource
  }
}

/**
 * Has to be listed last in `config/app.ts`: modules use what the other providers bind.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { DatabaseServiceProvider } from 'limber/database'
 * import { ModulesServiceProvider } from 'limber/modules'
 *
 * export default defineApp({
 *   name: 'shop',
 *   providers: [DatabaseServiceProvider, ModulesServiceProvider],
 *   modules: ['modules/*'],
 * })
 * ```
 */
export class ModulesServiceProvider extends ServiceProvider {
  readonly #room: ModuleRoom = this.#makeRoom()
  readonly #queue = new WorkQueue()
  readonly #catalog = new Catalog(this.app, new EnabledModules(storageOf(this.app)))
  readonly #lives = new Lives(this.#room, this.#catalog)

  override register(): void {
    const { app } = this
    const modules = new Modules(this.#room, this.#catalog, this.#lives, this.#queue)
    app.singleton('modules', () => modules, { dispose: () => this.#end(Date.now()) })
    app.singleton('modules.start', async () => this.#begin(modules), {
      needs: app.has('db') ? ['db', 'modules'] : ['modules'],
    })
    app.singleton('modules.databases', () => this.#databases())
    app.instance('modules.watch', { beforeStart: () => this.#makeStart() })
    app.tag('start', 'modules.watch')
    app.instance('modules.commands', { commands: () => this.#commands() })
    app.tag('commands', 'modules.commands')
    app.instance('modules.models', { models: () => this.#models() })
    app.tag('models', 'modules.models')
    app.instance('modules.doctor', { name: 'modules', examine: () => examineModules(modules.list()) })
    app.tag('doctor', 'modules.doctor')
    app.onStop((deadline) => this.#end(deadline))
  }

  override async boot(): Promise<void> {
    checkExtensions(this.app.config.find('modules')?.extensions)
    this.app.make('modules')
    await this.#lives.prepare()
  }

  #makeRoom(): ModuleRoom {
    const config = this.app.config.find('modules') ?? {}
    const connections = new ModuleConnections(this.app, new ModuleDrivers(this.app, config))
    return { app: this.app, config, access: new ModuleAccess(this.app), connections, hooks: new Set() }
  }

  async #begin(modules: Modules): Promise<Modules> {
    await this.#queue.run(() => this.#lives.begin())
    return modules
  }

  async #makeStart(): Promise<void> {
    await this.app.makeAsync('modules.start')
  }

  async #end(deadline: number): Promise<void> {
    this.#lives.close()
    const errors = await this.#queue.run(() => this.#lives.endAll(deadline))
    await this.#room.connections.end()
    throwAll(errors, `${errors.length} errors at the end of modules.`)
  }

  #databases(): ModuleDatabases {
    return new DatabasesOfModules(this.#room, this.#catalog, this.#queue)
  }

  #commands() {
    return this.#catalog.all().flatMap(({ name, life }) => {
      const origin = binderOf(name)
      return life?.commands.map((type) => ({ type, origin, module: name })) ?? []
    })
  }

  /** The models of sections are those of the application. */
  #models() {
    const sections = this.#catalog.all().filter(({ life }) => life && isSection(life.found))
    return sections.flatMap(({ life }) => life?.draft?.models ?? [])
  }
}
