/** @module At the start: updates that were killed are finished or undone, before any code or database of a module is opened. */
import { lockFile } from '../../database/sqlite/file-lock.ts'
import { endUpdate } from './undo-update.ts'
import type { UpdateHost } from './update-host.ts'
import { UpdateJournal, unfinishedUpdates } from './update-journal.ts'
import { placesOf } from './update-places.ts'

/** `busy`: another process is at it. `failed`: the module cannot be used before the error is put right. */
export type RecoveredUpdate =
  | { readonly module: string; readonly outcome: 'finished' | 'restored' }
  | { readonly module: string; readonly outcome: 'busy'; readonly holder: string }
  | { readonly module: string; readonly outcome: 'failed'; readonly error: unknown }

/** Looks after every update that has not ended, one after the other; the failure of one does not stop the others. */
export async function recoverFor(host: UpdateHost): Promise<readonly RecoveredUpdate[]> {
  const recovered: RecoveredUpdate[] = []
  for (const module of unfinishedUpdates(host.storage)) {
    const outcome = await recover(host, module).catch(
      (error: unknown): RecoveredUpdate => ({ module, outcome: 'failed', error }),
    )
    if (outcome) recovered.push(outcome)
  }
  return recovered
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
