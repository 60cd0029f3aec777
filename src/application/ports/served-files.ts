/** @module Port: files that are sent to whoever has a signed URL. Bind it and tag it `served files`. */
import type { Readable } from 'node:stream'

export interface ServedFile {
  /** Has to be read to its end or destroyed. */
  readonly content: Readable
  /** In bytes. */
  readonly size: number
  readonly contentType: string
  readonly lastModified: Date
  readonly etag: string
  /** The value of the header content-disposition. */
  readonly disposition: string
}

export interface ServedFiles {
  /** Below which path they are found: `/files`. */
  readonly path: string
  /**
   * Opens the file that a URL names.
   *
   * @param url its path and query, as they were sent
   * @throws an error of the kind `forbidden` for what was not signed or is over, `not-found` for what is not there
   */
  open(url: string): Promise<ServedFile>
}

declare module '../../container/services.ts' {
  interface Tags {
    'served files': ServedFiles
  }
}
