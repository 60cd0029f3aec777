/** @module The application around an update: its modules, their databases, and what is enabled. */
import type { Application } from '../../application/application.ts'
import type { Driver } from '../../database/connections/driver.ts'
import type { ModuleDrivers } from '../../database/modules/module-drivers.ts'
import { ModuleCode } from '../code/module-code.ts'
import { ownDatabaseOf } from '../life/own-database.ts'
import { discoverIn } from '../manifest/discover-modules.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { EnabledModules } from '../state/enabled-modules.ts'
import { storageOf } from '../storage.ts'
import type { UpdateHost } from './update-host.ts'

/** What runs modules: `modules` of the application, where it is bound. */
export interface RunningModules {
  list(): readonly { readonly name: string; readonly state: string }[]
  load(name: string): Promise<unknown>
  unload(name: string): Promise<unknown>
}

export class ApplicationHost implements UpdateHost {
  readonly root: string
  readonly storage: string
  readonly enabled: EnabledModules
  readonly #app: Application
  readonly #modules: RunningModules | undefined
  #drivers: ModuleDrivers | undefined

  /** @param modules left out where none is loaded yet */
  constructor(app: Application, modules?: RunningModules) {
    this.#app = app
    this.#modules = modules
    this.root = app.root
    this.storage = storageOf(app)
    this.enabled = new EnabledModules(this.storage)
  }

  async discover(): Promise<readonly FoundModule[]> {
    return (await discoverIn(this.#app)).found
  }

  isLoaded(name: string): boolean {
    return this.#modules?.list().some((module) => module.name === name && module.state === 'loaded') ?? false
  }

  async load(name: string): Promise<void> {
    await this.#modules?.load(name)
  }

  async unload(name: string): Promise<void> {
    await this.#modules?.unload(name)
  }

  async driverOf(name: string): Promise<Driver | undefined> {
    this.#drivers ??= await this.#makeDrivers()
    return (await this.#drivers.off(name)) ? undefined : this.#drivers.for(name)
  }

  async migrate(found: FoundModule): Promise<readonly string[]> {
    const source = ownDatabaseOf(found)
    const { module, connection: name } = source
    const driver = await this.driverOf(module)
    if (!driver) return []
    const { migrateModule } = await import('../../database/modules/module-migrations.ts')
    const db = await this.#app.makeAsync('db')
    // Files of these names may have been imported before, and been others.
    const code = new ModuleCode({ folder: found.folder, root: this.root })
    await db.add({ name, driver, models: [], module })
    try {
      return await migrateModule(this.#app, source, {
        import: (file) => code.import(file),
        // What an update loses is in the copy that it has made.
        allowDestructive: true,
      })
    } finally {
      code.close()
      await db.remove(name)
    }
  }

  /** Gives back what its drivers hold. */
  async close(): Promise<void> {
    await this.#drivers?.close()
  }

  async #makeDrivers(): Promise<ModuleDrivers> {
    const { ModuleDrivers: Drivers } = await import('../../database/modules/module-drivers.ts')
    return new Drivers(this.#app, this.#app.config.find('modules') ?? {})
  }
}
