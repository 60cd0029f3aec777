/** @module The modules of an application. */
import path from 'node:path'
import type { Application } from '../application/application.ts'
import { discoverModules } from './manifest/discover-modules.ts'
import type { ModuleInfo } from './module-info.ts'
import { EnabledModules } from './state/enabled-modules.ts'

declare module '../container/services.ts' {
  interface Services {
    modules: Modules
  }
}

export class Modules {
  readonly #app: Application
  #list: ModuleInfo[] = []

  constructor(app: Application) {
    this.#app = app
  }

  async start(): Promise<this> {
    const storage = this.#app.config.find('modules')?.storage ?? 'storage/modules'
    const enabled = new EnabledModules(path.resolve(this.#app.root, storage))
    const { found, faults } = await discoverModules(
      this.#app.root,
      this.#app.config.find('app')?.modules ?? [],
    )
    this.#list = found.map(({ manifest, folder, granted }) => ({
      ...manifest,
      folder: path.relative(this.#app.root, folder),
      granted: granted ?? enabled.find(manifest.name)?.permissions,
      state: (granted ?? enabled.find(manifest.name)) ? 'unloaded' : 'available',
      reason: undefined,
      database: undefined,
      bindings: [],
    }))
    for (const { name = '', folder, error } of faults) {
      const unknown = { version: '', description: '', author: '', permissions: [], bindings: [] }
      const state = 'failed' as const
      this.#list.push({
        ...unknown,
        name,
        folder,
        state,
        granted: undefined,
        reason: error,
        database: undefined,
      })
    }
    return this
  }

  list(): ModuleInfo[] {
    return this.#list
  }

  async load(_name: string): Promise<void> {
    await Promise.resolve()
  }

  async unload(_name: string): Promise<void> {
    await Promise.resolve()
  }
}
