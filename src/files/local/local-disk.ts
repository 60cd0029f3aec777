/** @module A disk in a folder. */
import path from 'node:path'
import { faultsOfUrl } from '../check-config.ts'
import type { DiskDriver } from '../file-store.ts'
import { LocalStore } from './local-store.ts'

export interface LocalDiskOptions {
  /** The folder: a path from the root of the application, or an absolute one. It is made with the first file. */
  readonly root: string
  /** Below which URL a web server gives these files to everybody; default: none does. */
  readonly url?: string
  /** Whether the application is only healthy when the folder can be written; default true. */
  readonly health?: boolean
}

/**
 * Keeps files in a folder.
 *
 * @example
 * ```ts
 * import { defineFiles, localDisk } from 'limber/files'
 *
 * export default defineFiles({ disks: { local: localDisk({ root: 'storage/files' }) } })
 * ```
 */
export function localDisk(options: LocalDiskOptions): DiskDriver {
  const { root, url, health = true } = options
  return {
    faults: () => [
      ...(typeof root === 'string' && root !== '' ? [] : [{ path: 'root', message: 'It names no folder.' }]),
      ...(url === undefined ? [] : faultsOfUrl('url', url)),
    ],
    open: ({ disk, appRoot, sign }) =>
      new LocalStore({ disk, root: path.resolve(appRoot, root), url, health, sign }),
  }
}
