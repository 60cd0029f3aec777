/** @module A disk: keeps files under keys, in a folder or in a bucket. */
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { isMediaType } from './content-type.ts'
import { FileNotFoundError, FileUrlUnavailableError, InvalidFileOptionError } from './errors.ts'
import { bytesOf, type FileContent } from './file-content.ts'
import { checkFolder, checkKey, encodeKey } from './file-key.ts'
import type {
  FileList,
  FileMetadata,
  FileStore,
  ListOptions,
  SignedUploadUrlOptions,
  SignedUrlOptions,
  WriteOptions,
} from './file-store.ts'

const LONGEST_LIST = 1000

/**
 * Every method rejects with an `InvalidFileKeyError` for a key that is none, and with a `DiskUnavailableError` when the folder
 * or the bucket does not work.
 */
export class Disk {
  /** Its name in the configuration. */
  readonly name: string
  readonly #store: FileStore

  constructor(name: string, store: FileStore) {
    this.name = name
    this.#store = store
  }

  /** Gives the bytes of a file. @throws {FileNotFoundError} */
  async read(key: string): Promise<Uint8Array> {
    return buffer(await this.stream(key))
  }

  /** Gives a file as text in UTF-8. @throws {FileNotFoundError} */
  async readText(key: string): Promise<string> {
    return (await buffer(await this.stream(key))).toString()
  }

  /** Opens a file, which has to be read to its end or destroyed. @throws {FileNotFoundError} */
  async stream(key: string): Promise<Readable> {
    checkKey(key)
    return this.#store.stream(key)
  }

  /**
   * Writes a file as a whole, or not at all: whoever reads meanwhile finds the file that was there before. A stream that
   * fails rejects with its own error.
   *
   * @throws {FileConflictError} on a local disk, where a folder has this name
   * @throws {InvalidFileOptionError}
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * const app = await createApplication()
   * await app.boot()
   * await app.make('files').write('notes/today.txt', 'Reading Emma.')
   * ```
   */
  async write(key: string, content: FileContent, options: WriteOptions = {}): Promise<void> {
    using bytes = bytesOf(content)
    checkKey(key)
    // Browsers send an empty one for what they do not know.
    checkType(options.contentType || undefined)
    await this.#store.write(key, bytes, options)
  }

  async exists(key: string): Promise<boolean> {
    checkKey(key)
    return this.#store.exists(key)
  }

  /** @throws {FileNotFoundError} */
  async metadata(key: string): Promise<FileMetadata> {
    checkKey(key)
    return this.#store.metadata(key)
  }

  /** Removes a file; nothing happens when it is not there. */
  async remove(key: string): Promise<void> {
    checkKey(key)
    await this.#store.remove(key)
  }

  /** Removes every file below a folder. */
  async removeAll(folder: string): Promise<void> {
    await this.#store.removeAll(checkFolder(folder))
  }

  /** Copies a file on this disk, over what is there. @throws {FileNotFoundError} */
  async copy(from: string, to: string): Promise<void> {
    if (await this.#areApart(from, to)) await this.#store.copy(from, to)
  }

  /** Moves a file on this disk, over what is there. A bucket copies it first, and then removes it. @throws {FileNotFoundError} */
  async move(from: string, to: string): Promise<void> {
    if (await this.#areApart(from, to)) await this.#store.move(from, to)
  }

  /**
   * Lists the files of a folder, and the folders in it. Links are left out.
   *
   * @param folder default: all of the disk
   * @throws {InvalidFileOptionError}
   * @example
   * ```ts
   * import type { Disk } from 'limber/files'
   *
   * export async function sizeOf(disk: Disk, folder: string) {
   *   let size = 0
   *   let cursor: string | undefined
   *   do {
   *     const page = await disk.list(folder, { recursive: true, ...(cursor !== undefined && { cursor }) })
   *     for (const file of page.files) size += file.size
   *     cursor = page.next
   *   } while (cursor !== undefined)
   *   return size
   * }
   * ```
   */
  async list(folder = '', options: ListOptions = {}): Promise<FileList> {
    const { limit = LONGEST_LIST } = options
    if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_LIST)
      throw new InvalidFileOptionError('limit', limit, `a whole number from 1 to ${LONGEST_LIST}`)
    return this.#store.list(folder === '' ? '' : checkFolder(folder), { ...options, limit })
  }

  /** Gives the URL under which everybody finds a file. @throws {FileUrlUnavailableError} when the disk has no `url` */
  url(key: string): string {
    checkKey(key)
    const { publicUrl } = this.#store
    if (publicUrl === undefined)
      throw new FileUrlUnavailableError(
        this.name,
        'public URLs',
        'Give it a "url", or sign URLs with signedUrl().',
      )
    return `${publicUrl.replace(/\/$/, '')}/${encodeKey(key)}`
  }

  /**
   * Gives a URL that opens a file for a time. Whether the file is there is not looked up.
   *
   * @throws {FileUrlUnavailableError} on a local disk, when `urls` is not configured
   * @throws {InvalidFileOptionError}
   */
  async signedUrl(key: string, options: SignedUrlOptions): Promise<string> {
    checkKey(key)
    checkExpiry(options.expiresIn)
    checkType(options.contentType)
    return this.#store.signedUrl(key, options)
  }

  /**
   * Gives a URL to which a client may send a file for a time, with PUT. Buckets only.
   *
   * @throws {FileUrlUnavailableError} on a local disk @throws {InvalidFileOptionError}
   */
  async signedUploadUrl(key: string, options: SignedUploadUrlOptions): Promise<string> {
    checkKey(key)
    checkExpiry(options.expiresIn)
    checkType(options.contentType)
    return this.#store.signedUploadUrl(key, options)
  }

  /** A file that is moved onto itself would be gone. */
  async #areApart(from: string, to: string): Promise<boolean> {
    checkKey(from)
    checkKey(to)
    if (from !== to) return true
    if (!(await this.#store.exists(from))) throw new FileNotFoundError(this.name, from)
    return false
  }
}

function checkExpiry(expiresIn: number): void {
  if (Number.isSafeInteger(expiresIn) && expiresIn > 0) return
  throw new InvalidFileOptionError('expiresIn', expiresIn, 'a whole number of milliseconds above zero')
}

/** It becomes a header of a reply. */
function checkType(contentType: string | undefined): void {
  if (contentType === undefined || isMediaType(contentType)) return
  throw new InvalidFileOptionError('contentType', contentType, 'a type such as "image/png"')
}
