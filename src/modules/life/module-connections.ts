/** @module The connections of modules: opened, brought up to date and closed one by one. */
import type { Application } from '../../application/application.ts'
import type { Lazy } from '../../application/define-app.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'
import { leaveScopes } from '../../container/resolution-frame.ts'
import { connectionNameOf } from '../../database/modules/connection-name.ts'
import type { ModuleDrivers } from '../../database/modules/module-drivers.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { ModuleCode } from '../code/module-code.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { ownDatabaseOf } from './own-database.ts'

export class ModuleConnections {
  readonly #app: Application
  readonly #drivers: ModuleDrivers
  /** By module: what its database is called. */
  readonly #open = new Map<string, string>()
  /** Those whose databases are switched off, as it was last found out. */
  readonly #off = new Set<string>()

  constructor(app: Application, drivers: ModuleDrivers) {
    this.#app = app
    this.#drivers = drivers
  }

  isOff(module: string): boolean {
    return this.#off.has(module)
  }

  async findWhetherOff(module: string): Promise<boolean> {
    this.#off.delete(module)
    if (await this.#drivers.off(module)) this.#off.add(module)
    return this.#off.has(module)
  }

  isOpen(module: string): boolean {
    return this.#open.has(module)
  }

  labelOf(module: string): string | undefined {
    return this.#open.get(module)
  }

  /** Opens the connection of a module, which is created if absent; one that is open stays as it is. */
  async open(found: FoundModule, entries: readonly Lazy[]): Promise<ModuleDatabaseSource> {
    const source = ownDatabaseOf(found)
    const { module, connection: name } = source
    if (this.#open.has(module)) return source
    const driver = await this.#drivers.for(module)
    const db = await leaveScopes(() => this.#app.makeAsync('db'))
    await db.add({ name, driver, models: entries, module })
    this.#open.set(module, maskSecrets(driver.label))
    return source
  }

  async migrate(source: ModuleDatabaseSource, code: ModuleCode): Promise<void> {
    const { migrateModule } = await import('../../database/modules/module-migrations.ts')
    const log = this.#app.make('log').child({ module: source.module })
    await migrateModule(this.#app, source, {
      import: (file) => code.import(file),
      onWarning: (warning) => log.warn(warning),
    })
  }

  async close(module: string): Promise<void> {
    if (!this.#open.delete(module)) return
    await leaveScopes(() => this.#app.make('db')).remove(connectionNameOf(module))
  }

  end(): Promise<void> {
    return this.#drivers.close()
  }
}
