/** @module Keeps things in a file that all processes of one machine share. */
import path from 'node:path'
import { ClockedStore } from '../../application/cache-stores/clocked-store.ts'
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { CacheFile } from './cache-file.ts'
import { FileBackend } from './file-backend.ts'

export interface FileStoreOptions {
  /** Made on first use, for this user alone; from the root of the application. Default: `storage/cache`. */
  readonly folder?: string
  /** How long a call tries while other processes write, in milliseconds; default: 5,000. */
  readonly timeout?: number
}

/**
 * Keeps things in a folder, shared by all processes of this machine and still there after a restart. The folder has to be on a
 * disk of the machine itself: network file systems cannot share it.
 *
 * @example
 * ```ts
 * import { defineCache, fileStore } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: fileStore() } })
 * ```
 */
export function fileStore({
  folder = 'storage/cache',
  timeout = 5_000,
}: FileStoreOptions = {}): CacheStoreDriver {
  return {
    name: 'file',
    open(facts) {
      const place = path.resolve(facts.app.root, folder)
      const file = new CacheFile({ name: facts.name, folder: place, patience: timeout })
      return new ClockedStore(new FileBackend(file), facts)
    },
  }
}
