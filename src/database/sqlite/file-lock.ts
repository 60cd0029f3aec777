/** @module A lock that has a file and nothing else: the system drops it with the process that holds it. */
import path from 'node:path'
import { makeFolder } from '../connections/make-folder.ts'
import type { MigrationLock } from '../migrations/run/locks/migration-lock.ts'

export interface HeldFileLock {
  release(): Promise<void>
}

const POLL = 20

/** Gives the lock, or the name of the process that holds it once the time to wait (in milliseconds) is over. */
export async function lockFile(file: string, wait = 0): Promise<HeldFileLock | string> {
  makeFolder(path.dirname(file))
  const [{ SqliteDriver }, { lockOnFile }, { setTimeout }] = await Promise.all([
    import('@mikro-orm/sqlite'),
    import('../migrations/run/locks/sqlite-lock.ts'),
    import('node:timers/promises'),
  ])
  const lock = lockOnFile(file, SqliteDriver)
  const deadline = performance.now() + wait
  try {
    while (!(await lock.tryAcquire())) {
      if (performance.now() < deadline) await setTimeout(POLL)
      else return await holderOf(lock)
    }
  } catch (error) {
    await lock.close?.()
    throw error
  }
  return {
    async release() {
      await lock.release()
      await lock.close?.()
    },
  }
}

async function holderOf(lock: MigrationLock): Promise<string> {
  const holder = await lock.holder()
  await lock.close?.()
  return holder ?? 'another process'
}
