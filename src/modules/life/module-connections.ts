/** @module The connections of modules: opened, brought up to date and closed one by one. */
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { Lazy } from '../../application/define-app.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'
import { leaveScopes } from '../../container/resolution-frame.ts'
import type { ModuleDrivers } from '../../database/modules/module-drivers.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { ModuleCode } from '../code/module-code.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { nameConnection } from './name-connection.ts'
import { MIGRATIONS } from './own-database.ts'

export class ModuleConnections {
  readonly #app: Application
  readonly #drivers: ModuleDrivers
  /** By module: what its database is called. */
  readonly #open = new Map<string, string>()

  constructor(app: Application, drivers: ModuleDrivers) {
    this.#app = app
    this.#drivers = drivers
  }

  get areOff(): boolean {
    return this.#drivers.isOff
  }

  isOpen(module: string): boolean {
    return this.#open.has(module)
  }

  labelOf(module: string): string | undefined {
    return this.#open.get(module)
  }

  sourceOf({ manifest: { name, version }, folder }: FoundModule): ModuleDatabaseSource {
    return { module: name, connection: `modules.${name}`, version, migrations: path.join(folder, MIGRATIONS) }
  }

  /** Opens the connection of a module, which is created if absent; one that is open stays as it is. */
  async open(found: FoundModule, entries: readonly Lazy[]): Promise<ModuleDatabaseSource> {
    const source = this.sourceOf(found)
    const { module, connection: name } = source
    if (this.#open.has(module)) return source
    const driver = await this.#drivers.for(module)
    const { loadModels } = await import('../../database/models/load-models.ts')
    const models = await loadModels(entries)
    for (const model of models) nameConnection(model, name)
    const db = await leaveScopes(() => this.#app.makeAsync('db'))
    await db.add({ name, driver, models, module })
    this.#open.set(module, maskSecrets(driver.label))
    return source
  }

  async migrate(source: ModuleDatabaseSource, code: ModuleCode): Promise<void> {
    const { migrateModule } = await import('../../database/modules/module-migrations.ts')
    await migrateModule(this.#app, source, { import: (file) => code.import(file) })
  }

  async close(module: string): Promise<void> {
    if (!this.#open.delete(module)) return
    await leaveScopes(() => this.#app.make('db')).remove(`modules.${module}`)
  }

  end(): Promise<void> {
    return this.#drivers.close()
  }
}
