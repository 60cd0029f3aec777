/** @module The files of a folder. A file appears as a whole or not at all, and no link leads out of the folder. */
import { constants, type ReadStream } from 'node:fs'
import { access, mkdir, open, rm, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { contentTypeOf } from '../content-type.ts'
import { FileLinkError, FileNotFoundError, FileUrlUnavailableError } from '../errors.ts'
import type {
  FileList,
  FileMetadata,
  FileStore,
  ListOptions,
  SignedUrlOptions,
  SignUrl,
} from '../file-store.ts'
import { codeOf, explainFailure } from './explain-failure.ts'
import { listFolder } from './list-folder.ts'
import { LocalPaths, lookAt } from './local-paths.ts'
import { moveInto, TemporaryFiles } from './temporary-files.ts'

// Without blocking, since a pipe would wait for somebody who writes.
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export interface LocalFacts {
  readonly disk: string
  /** An absolute path. */
  readonly root: string
  readonly url: string | undefined
  readonly health: boolean
  readonly sign: SignUrl | undefined
}

export interface LocalFile {
  readonly content: Readable
  readonly metadata: FileMetadata
}

export class LocalStore implements FileStore {
  readonly publicUrl: string | undefined
  readonly check?: () => Promise<void>
  readonly #disk: string
  readonly #paths: LocalPaths
  readonly #temporary: TemporaryFiles
  readonly #sign: SignUrl | undefined

  constructor({ disk, root, url, health, sign }: LocalFacts) {
    this.publicUrl = url
    this.#disk = disk
    this.#paths = new LocalPaths(disk, root)
    this.#temporary = new TemporaryFiles(disk, this.#paths)
    this.#sign = sign
    if (health) this.check = () => this.#attempt('', () => checkWritable(root), true)
  }

  async stream(key: string): Promise<Readable> {
    return (await this.open(key)).content
  }

  /** Opens a file, whose metadata are those of what is open: it may be replaced meanwhile. */
  open(key: string): Promise<LocalFile> {
    return this.#attempt(key, async () => {
      const handle = await open(await this.#paths.of(key), READING)
      try {
        const stats = await handle.stat({ bigint: true })
        if (!stats.isFile()) throw new FileNotFoundError(this.#disk, key)
        const metadata = metadataOf(key, stats)
        // Not beyond the size that was told, though another program lets the file grow.
        const end = metadata.size > 0 ? { start: 0, end: metadata.size - 1 } : {}
        const content: ReadStream = handle.createReadStream(end)
        return { content, metadata }
      } catch (error) {
        await handle.close()
        throw error
      }
    })
  }

  async write(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#attempt(key, () => this.#paths.of(key), true)
    const { path: file, handle } = await this.#attempt(key, () => this.#temporary.create(), true)
    try {
      try {
        for await (const bytes of content) await this.#attempt(key, () => handle.writeFile(bytes), true)
        // Before it has its name: after a loss of power, a name without content would stand there.
        await this.#attempt(key, () => handle.sync(), true)
      } finally {
        await handle.close()
      }
      await this.#attempt(key, async () => moveInto(file, await this.#paths.of(key)), true)
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  exists(key: string): Promise<boolean> {
    return this.#attempt(key, async () => {
      const found = await lookAt(await this.#paths.of(key))
      if (found?.isSymbolicLink()) throw new FileLinkError(this.#disk, key)
      return found?.isFile() === true
    })
  }

  async metadata(key: string): Promise<FileMetadata> {
    const { content, metadata } = await this.open(key)
    content.destroy()
    return metadata
  }

  remove(key: string): Promise<void> {
    return this.#attempt(key, async () => {
      const file = await this.#paths.of(key)
      const found = await lookAt(file)
      // A link is removed, and not what it leads to; a folder is no file.
      if (!found || found.isDirectory()) return
      await unlink(file).catch(unlessGone)
      await this.#paths.prune(file)
    })
  }

  removeAll(folder: string): Promise<void> {
    return this.#attempt(folder, async () => {
      const place = await this.#paths.ofFolder(folder)
      if (!(await lookAt(place))?.isDirectory()) return
      // It does not follow links. What is written meanwhile may stand in the way.
      await rm(place, { recursive: true, force: true, maxRetries: 3 })
      await this.#paths.prune(place)
    })
  }

  async copy(from: string, to: string): Promise<void> {
    const content = await this.stream(from)
    try {
      await this.write(to, content)
    } finally {
      content.destroy()
    }
  }

  async move(from: string, to: string): Promise<void> {
    if (!(await this.exists(from))) throw new FileNotFoundError(this.#disk, from)
    await this.#attempt(
      to,
      async () => {
        const source = await this.#paths.of(from)
        await moveInto(source, await this.#paths.of(to))
        await this.#paths.prune(source)
      },
      true,
    )
  }

  list(folder: string, options: ListOptions & { readonly limit: number }): Promise<FileList> {
    return this.#attempt(folder, async () => listFolder(await this.#paths.ofFolder(folder), folder, options))
  }

  async signedUrl(key: string, options: SignedUrlOptions): Promise<string> {
    if (this.#sign) return this.#sign(key, options)
    const hint = 'Give config/files.ts "urls" with a secret.'
    throw new FileUrlUnavailableError(this.#disk, 'signed URLs', hint)
  }

  async signedUploadUrl(): Promise<string> {
    const hint = 'Take uploads with a route, as docs/files.md shows, or keep these files in a bucket.'
    throw new FileUrlUnavailableError(this.#disk, 'URLs for uploads', hint)
  }

  close(): void {
    // No file is open longer than it is read or written.
  }

  async #attempt<T>(key: string, work: () => Promise<T>, isWriting = false): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw explainFailure(error, this.#disk, key, isWriting)
    }
  }
}

function metadataOf(
  key: string,
  stats: { readonly size: bigint; readonly ino: bigint; readonly mtimeNs: bigint; readonly mtime: Date },
): FileMetadata {
  const { size, ino, mtimeNs, mtime } = stats
  const etag = `"${[ino, size, mtimeNs].map((part) => part.toString(36)).join('-')}"`
  return { size: Number(size), contentType: contentTypeOf(key), lastModified: mtime, etag }
}

async function checkWritable(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o750 })
  await access(root, constants.W_OK)
}

function unlessGone(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}
