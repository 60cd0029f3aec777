/** @module The files of a folder. A file appears as a whole or not at all, and no link leads out of the folder. */
import { constants } from 'node:fs'
import { access, mkdir, unlink } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { FileLinkError, FileNotFoundError, FileUrlUnavailableError } from '../errors.ts'
import type {
  FileList,
  FileMetadata,
  FileStore,
  ListOptions,
  SignedUrlOptions,
  SignUrl,
} from '../file-store.ts'
import { explainFailure } from './explain-failure.ts'
import { listFolder } from './list-folder.ts'
import { LocalFolder, lookAt, unlessAbsent } from './local-folder.ts'
import { LocalPlace } from './local-place.ts'
import { type LocalFile, openFile } from './open-file.ts'
import { moveInto, TemporaryFiles } from './temporary-files.ts'

export interface LocalFacts {
  readonly disk: string
  /** An absolute path. */
  readonly root: string
  readonly url: string | undefined
  readonly health: boolean
  readonly sign: SignUrl | undefined
}

export class LocalStore implements FileStore {
  readonly publicUrl: string | undefined
  readonly check?: () => Promise<void>
  readonly #disk: string
  readonly #root: LocalFolder
  readonly #temporary: TemporaryFiles
  readonly #sign: SignUrl | undefined

  constructor({ disk, root, url, health, sign }: LocalFacts) {
    this.publicUrl = url
    this.#disk = disk
    this.#root = LocalFolder.root(disk, root)
    this.#temporary = new TemporaryFiles(this.#root)
    this.#sign = sign
    if (health) this.check = () => this.#attempt('', () => checkWritable(root), true)
  }

  async stream(key: string): Promise<Readable> {
    return (await this.open(key)).content
  }

  /** Opens a file, whose metadata are those of what is open: it may be replaced meanwhile. */
  open(key: string): Promise<LocalFile> {
    return this.#attempt(key, async () => {
      using place = await LocalPlace.open(this.#root, key)
      const file = await openFile(place.path, key)
      if (!file) throw new FileNotFoundError(this.#disk, key)
      return file
    })
  }

  async write(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    // What is in its way now is told before anything is taken from the content.
    const place = await this.#attempt(key, () => this.#find(key), true)
    place?.[Symbol.dispose]()
    using file = await this.#attempt(key, () => this.#temporary.create(), true)
    try {
      try {
        for await (const bytes of content) await this.#attempt(key, () => file.handle.writeFile(bytes), true)
        // Before it has its name: after a loss of power, a name without content would stand there.
        await this.#attempt(key, () => file.handle.sync(), true)
      } finally {
        await this.#attempt(key, () => file.handle.close(), true)
      }
      await this.#attempt(key, () => moveInto(file.path, this.#root, key), true)
    } catch (error) {
      // What has failed is told; what cannot be removed is removed after a day.
      await unlink(file.path).catch(() => undefined)
      throw error
    }
  }

  exists(key: string): Promise<boolean> {
    return this.#attempt(key, async () => {
      using place = await this.#find(key)
      const found = place && (await lookAt(place.path))
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
      using place = await this.#find(key)
      const found = place && (await lookAt(place.path))
      // A link is removed, and not what it leads to; a folder is no file.
      if (!place || !found || found.isDirectory()) return
      await unlessAbsent(unlink(place.path))
      await LocalPlace.prune(this.#root, key)
    })
  }

  removeAll(folder: string): Promise<void> {
    return this.#attempt(
      folder,
      async () => {
        using place = await this.#find(folder)
        const found = place && (await lookAt(place.path))
        if (found?.isSymbolicLink()) throw new FileLinkError(this.#disk, folder)
        if (!place || !found?.isDirectory()) return
        await this.#temporary.discard(place.path)
        await LocalPlace.prune(this.#root, folder)
      },
      true,
    )
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
        using source = await this.#find(from)
        if (!source) throw new FileNotFoundError(this.#disk, from)
        try {
          await moveInto(source.path, this.#root, to)
        } catch (error) {
          // Somebody else has moved or removed it meanwhile.
          throw (await lookAt(source.path)) ? error : new FileNotFoundError(this.#disk, from, error)
        }
        await LocalPlace.prune(this.#root, from)
      },
      true,
    )
  }

  list(folder: string, options: ListOptions & { readonly limit: number }): Promise<FileList> {
    return this.#attempt(folder, async () => listFolder(this.#root, folder, options))
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

  /** @returns undefined when a folder of it is not there */
  #find(key: string): Promise<LocalPlace | undefined> {
    return unlessAbsent(LocalPlace.open(this.#root, key))
  }

  async #attempt<T>(key: string, work: () => Promise<T>, isWriting = false): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw explainFailure(error, this.#disk, key, isWriting)
    }
  }
}

async function checkWritable(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o750 })
  await access(root, constants.W_OK)
}
