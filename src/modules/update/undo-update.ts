/** @module Ends an update that has not ended by itself: everything as it was, or, behind its last step, as it was to become. */
import { rmSync } from 'node:fs'
import { restoreDatabase } from '../../database/dumps/dump.ts'
import { ModuleRestoreError } from './errors.ts'
import { pruneBackups } from './module-backups.ts'
import { putFolderBack, removeLeftovers } from './swap-folders.ts'
import type { UpdateHost } from './update-host.ts'
import type { UpdateJournal, UpdateRecord } from './update-journal.ts'
import { placesOf } from './update-places.ts'

/**
 * Puts back what the update may have touched. Done a second time, the result is the same.
 *
 * @throws {ModuleRestoreError} which says where the copies are; the journal stays, so that the next start tries again
 */
export async function undoUpdate(
  host: UpdateHost,
  journal: UpdateJournal,
  record: UpdateRecord,
): Promise<void> {
  const { module, phase, folder, from, backup, dump, before } = record
  const places = placesOf(host.storage, module, folder)
  try {
    if (phase === 'migrating') {
      const driver = dump && (await host.driverOf(module))
      if (dump && !driver) throw new Error('its database is switched off.')
      if (dump && driver) await restoreDatabase({ driver, root: host.root }, backup, dump)
      if (before) await host.enabled.set(module, before)
    }
    if (phase === 'preparing') rmSync(backup, { recursive: true, force: true })
    else putFolderBack(folder, places, backup)
    removeLeftovers(places)
    journal.remove()
  } catch (error) {
    throw new ModuleRestoreError(module, from, backup, error)
  }
}

/**
 * Ends the update that the journal tells of, if there is one: the lock of the module has to be held.
 *
 * @throws {UpdateJournalError} @throws {ModuleRestoreError}
 */
export async function endUpdate(
  host: UpdateHost,
  journal: UpdateJournal,
): Promise<'finished' | 'restored' | undefined> {
  const record = journal.read()
  if (!record) return undefined
  if (record.phase !== 'done') {
    await undoUpdate(host, journal, record)
    return 'restored'
  }
  finishUpdate(host, journal, record)
  return 'finished'
}

/** Takes away what an update leaves behind that has succeeded. */
export function finishUpdate(
  host: UpdateHost,
  journal: UpdateJournal,
  { module, folder }: UpdateRecord,
): void {
  const places = placesOf(host.storage, module, folder)
  removeLeftovers(places)
  pruneBackups(places.backups)
  journal.remove()
}
