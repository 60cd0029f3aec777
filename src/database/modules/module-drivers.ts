/** @module Where the databases of modules are. */
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { Driver } from '../connections/driver.ts'

export interface ModuleDatabaseSettings {
  readonly storage?: string
  readonly database?: string | Driver
}

export class ModuleDrivers {
  readonly #app: Application
  readonly #settings: ModuleDatabaseSettings

  constructor(app: Application, settings: ModuleDatabaseSettings) {
    this.#app = app
    this.#settings = settings
  }

  async off(): Promise<boolean> {
    return !this.#app.has('db') || this.#settings.database === 'off'
  }

  async for(module: string): Promise<Driver> {
    const { sqlite } = await import('../sqlite/sqlite-driver.ts')
    const folder = this.#settings.storage ?? 'storage/modules'
    return sqlite({ file: path.join(folder, `${module}.sqlite`) })
  }

  async close(): Promise<void> {
    await Promise.resolve()
  }
}
