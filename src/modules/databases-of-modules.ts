/** @module The databases of modules, for commands and for the look at drift. */
import type { ModuleDatabaseSource, ModuleDatabases } from '../application/ports/module-databases.ts'
import { currentScope } from '../container/resolution-frame.ts'
import { DatabaseOffError } from '../database/errors.ts'
import { connectionNameOf } from '../database/modules/connection-name.ts'
import type { Catalog } from './catalog.ts'
import { ModuleCode } from './code/module-code.ts'
import { ModuleNotLoadedError, NoModuleDatabaseError } from './errors.ts'
import { modelsOf } from './life/import-module.ts'
import type { ModuleRoom } from './life/module-room.ts'
import { hasOwnDatabase, ownDatabaseOf } from './life/own-database.ts'
import { scopesFrom } from './scopes-from.ts'
import type { WorkQueue } from './work-queue.ts'

export class DatabasesOfModules implements ModuleDatabases {
  readonly #room: ModuleRoom
  readonly #catalog: Catalog
  readonly #queue: WorkQueue

  constructor(room: ModuleRoom, catalog: Catalog, queue: WorkQueue) {
    this.#room = room
    this.#catalog = catalog
    this.#queue = queue
  }

  all(): readonly ModuleDatabaseSource[] {
    const { connections } = this.#room
    return this.#catalog
      .all()
      .flatMap(({ name, state, life }) =>
        state === 'loaded' && life && connections.isOpen(name) ? [ownDatabaseOf(life.found)] : [],
      )
  }

  async open(module: string): Promise<ModuleDatabaseSource> {
    const { connections } = this.#room
    const { life, current: found, state, reason } = this.#catalog.get(module)
    if (!found) throw new ModuleNotLoadedError(module, state, reason)
    if (!hasOwnDatabase(found)) throw new NoModuleDatabaseError(module, found.placeOf('permissions'))
    if (await connections.findWhetherOff(module)) throw new DatabaseOffError(connectionNameOf(module))
    if (connections.isOpen(module)) return ownDatabaseOf(found)
    const open = async () => {
      const code = new ModuleCode({ folder: found.folder, root: this.#room.app.root })
      try {
        return await connections.open(found, life?.draft?.models ?? modelsOf(code))
      } finally {
        code.close()
      }
    }
    // Whatever loads or unloads waits for the hook that asks.
    const isInHook = scopesFrom(currentScope()).some((scope) => this.#room.hooks.has(scope))
    return isInHook ? open() : this.#queue.run(open)
  }
}
