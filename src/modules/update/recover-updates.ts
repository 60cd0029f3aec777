/** @module At the start: updates that were killed are finished or undone, before any code or database of a module is opened. */
import type { Application } from '../../application/application.ts'
import { lockFile } from '../../database/sqlite/file-lock.ts'
import { ApplicationHost } from './application-host.ts'
import { endUpdate } from './undo-update.ts'
import type { UpdateHost } from './update-host.ts'
import { UpdateJournal, unfinishedUpdates } from './update-journal.ts'
import { placesOf } from './update-places.ts'

/** `busy`: another process is at it. `failed`: the module cannot be used before the error is put right. */
export type RecoveredUpdate =
  | { readonly module: string; readonly outcome: 'finished' | 'restored' }
  | { readonly module: string; readonly outcome: 'busy'; readonly holder: string }
  | { readonly module: string; readonly outcome: 'failed'; readonly error: unknown }

/**
 * Finishes or undoes every update that has not ended, one after the other; the failure of one does not stop the others.
 * Where there is none, it costs a look into one folder.
 */
export async function recoverUpdates(app: Application): Promise<readonly RecoveredUpdate[]> {
  const host = new ApplicationHost(app)
  const recovered: RecoveredUpdate[] = []
  try {
    for (const module of unfinishedUpdates(host.storage)) {
      const outcome = await recover(host, module).catch(
        (error: unknown): RecoveredUpdate => ({ module, outcome: 'failed', error }),
      )
      if (outcome) recovered.push(outcome)
    }
    return recovered
  } finally {
    await host.close()
  }
}

async function recover(host: UpdateHost, module: string): Promise<RecoveredUpdate | undefined> {
  const { journal: file, lock: lockPlace } = placesOf(host.storage, module, module)
  const lock = await lockFile(lockPlace)
  if (typeof lock === 'string') return { module, outcome: 'busy', holder: lock }
  try {
    // Whoever held the lock until now may have ended it.
    const outcome = await endUpdate(host, new UpdateJournal(file))
    return outcome && { module, outcome }
  } finally {
    await lock.release()
  }
}
