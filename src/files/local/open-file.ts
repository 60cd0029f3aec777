/** @module Opens a file of a folder to read it, with what is known of what is open. */
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { contentTypeOf } from '../content-type.ts'
import type { FileMetadata } from '../file-store.ts'

// Without blocking, since a pipe would wait for somebody who writes.
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export interface LocalFile {
  readonly content: Readable
  readonly metadata: FileMetadata
}

/** @returns undefined for what is no file, such as a folder or a pipe */
export async function openFile(file: string, key: string): Promise<LocalFile | undefined> {
  const handle = await open(file, READING)
  let content: Readable | undefined
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) return undefined
    const metadata = metadataOf(key, stats)
    content = contentOf(handle, metadata.size)
    return { content: content ?? Readable.from([], { objectMode: false }), metadata }
  } finally {
    if (!content) await handle.close()
  }
}

/** Not beyond the size that was told, though another program lets the file grow: nothing at all of one that was empty. */
function contentOf(handle: FileHandle, size: number): Readable | undefined {
  return size > 0 ? handle.createReadStream({ start: 0, end: size - 1 }) : undefined
}

function metadataOf(key: string, { size, ino, mtimeNs, mtime }: BigIntStats): FileMetadata {
  const etag = `"${[ino, size, mtimeNs].map((part) => part.toString(36)).join('-')}"`
  return { size: Number(size), contentType: contentTypeOf(key), lastModified: mtime, etag }
}
