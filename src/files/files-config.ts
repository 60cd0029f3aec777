/** @module The `files` section of the configuration. */
import type { Secrets } from '../support/secrets.ts'
import type { DiskDriver } from './file-store.ts'

export interface FilesConfig {
  /** The name of the disk that is used where none is named; default: the only one there is. */
  readonly default?: string
  /** Where files are kept, by names of your choice. */
  readonly disks: Readonly<Record<string, DiskDriver>>
  /** Lets local disks sign URLs, which the HTTP server of this application serves; default: they sign none. */
  readonly urls?: UrlsConfig
}

export interface UrlsConfig {
  /** What they are signed with, 32 characters or more. The first of several signs, all of them open. */
  readonly secret: Secrets | undefined
  /** Below which path they are served; default: `/files`. */
  readonly path?: string
  /** What stands before the path, such as `https://books.example`; default: nothing. */
  readonly origin?: string
}

declare module '../config/config.ts' {
  interface ConfigSections {
    files: FilesConfig
  }
}

/**
 * Defines where files are kept in `config/files.ts`.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineFiles, localDisk } from 'limber/files'
 *
 * export default defineFiles({
 *   disks: { local: localDisk({ root: 'storage/files' }) },
 *   urls: { secret: env.secret('FILES_SECRET') },
 * })
 * ```
 */
export function defineFiles(config: FilesConfig): FilesConfig {
  return config
}
