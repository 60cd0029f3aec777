/** @module The update of a module: fetched, checked, copied, swapped, migrated; and undone where anything of that fails. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { lockFile } from '../../database/sqlite/file-lock.ts'
import { ModuleUpdateBusyError } from './errors.ts'
import { backupName } from './module-backups.ts'
import { prepareUpdate, type UpdateRequest } from './prepare-update.ts'
import { Replacement } from './replacement.ts'
import { removeLeftovers } from './swap-folders.ts'
import { endUpdate } from './undo-update.ts'
import type { UpdateHost } from './update-host.ts'
import { UpdateJournal } from './update-journal.ts'
import { placesOf, type UpdatePlaces } from './update-places.ts'

/** What an update has done, or with `dryRun` would do. */
export interface UpdateResult {
  readonly module: string
  readonly from: string
  readonly to: string
  /** What was consented to in addition. */
  readonly permissions: readonly string[]
  readonly migrations: readonly string[]
  /** The folder with the copies of code and database; undefined when nothing was done. */
  readonly backup: string | undefined
  readonly dryRun: boolean
}

/** Updates a module together with its database, all of it or nothing. */
export class ModuleUpdate {
  readonly #host: UpdateHost

  constructor(host: UpdateHost) {
    this.#host = host
  }

  /** @throws as `Modules.update` */
  async run(request: UpdateRequest): Promise<UpdateResult> {
    const { name, folder } = request.module
    const places = placesOf(this.#host.storage, name, folder)
    const lock = await lockFile(places.lock)
    if (typeof lock === 'string') throw new ModuleUpdateBusyError(name, lock)
    try {
      return await this.#runLocked(request, places)
    } finally {
      await lock.release()
    }
  }

  async #runLocked(request: UpdateRequest, places: UpdatePlaces): Promise<UpdateResult> {
    const host = this.#host
    const { module, say = () => undefined, dryRun = false } = request
    const journal = new UpdateJournal(places.journal)
    // One that was killed since this process has started still needs what it has left behind.
    await endUpdate(host, journal)
    removeLeftovers(places)
    try {
      const prepared = await prepareUpdate(host, request, places)
      const { from, to, added: permissions } = prepared
      const result = { module: module.name, from, to, permissions, dryRun }
      if (dryRun) return { ...result, migrations: [], backup: undefined }
      const backup = path.join(places.backups, backupName(from))
      const { folder } = module
      const replacement = new Replacement({ host, journal, places, prepared, folder, backup, say })
      return { ...result, migrations: await replacement.run(), backup }
    } finally {
      // Behind a restore that failed, what is left is what the next start needs.
      if (!existsSync(journal.file)) removeLeftovers(places)
    }
  }
}
