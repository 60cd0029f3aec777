/** @module The files of a bucket. */
import type { Readable } from 'node:stream'
import { contentTypeOf } from '../content-type.ts'
import { DiskUnavailableError, InvalidFileOptionError } from '../errors.ts'
import { keyFault } from '../file-key.ts'
import type {
  FileList,
  FileMetadata,
  FileStore,
  ListedFile,
  ListOptions,
  SignedUploadUrlOptions,
  SignedUrlOptions,
  WriteOptions,
} from '../file-store.ts'
import { attachment, nameOf } from '../urls/disposition.ts'
import { explainRefusal, statusOf } from './explain-refusal.ts'
import { type Bucket, DEFAULT_TIMEOUT, openBucket } from './open-bucket.ts'
import { readObject } from './read-object.ts'
import type { S3DiskOptions } from './s3-options.ts'
import { writeObject } from './write-object.ts'

/** The protocol knows no longer ones. */
const LONGEST_EXPIRY = 7 * 24 * 60 * 60 * 1000

export class S3Store implements FileStore {
  readonly publicUrl: string | undefined
  readonly check?: () => Promise<void>
  readonly #disk: string
  readonly #options: S3DiskOptions
  readonly #prefix: string
  #opened: Promise<Bucket> | undefined

  constructor(disk: string, options: S3DiskOptions) {
    this.publicUrl = options.url
    this.#disk = disk
    this.#options = options
    this.#prefix = options.prefix === undefined ? '' : `${options.prefix}/`
    if (options.health) this.check = () => this.#checkBucket()
  }

  stream(key: string): Promise<Readable> {
    const { timeout = DEFAULT_TIMEOUT } = this.#options
    return this.#attempt(key, async ({ driver }) =>
      readObject(await driver.getStream(this.#prefix + key), timeout, (error) =>
        explainRefusal(error, this.#disk, key),
      ),
    )
  }

  async write(key: string, content: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<void> {
    const ContentType = options.contentType || contentTypeOf(key)
    const facts = { Bucket: this.#options.bucket, Key: this.#prefix + key, ContentType }
    const bucket = await this.#open()
    await writeObject(bucket, facts, content, (work) => this.#attempt(key, work))
  }

  exists(key: string): Promise<boolean> {
    return this.#attempt(key, ({ driver }) => driver.exists(this.#prefix + key))
  }

  async metadata(key: string): Promise<FileMetadata> {
    const found = await this.#attempt(key, ({ driver }) => driver.getMetaData(this.#prefix + key))
    const { contentLength: size, contentType = contentTypeOf(key), lastModified, etag } = found
    return { size, contentType, lastModified, etag }
  }

  remove(key: string): Promise<void> {
    return this.#attempt(key, ({ driver }) => driver.delete(this.#prefix + key))
  }

  /** Not with flydrive, which takes `covers-old/` for a part of `covers`, and does not look which ones could not be removed. */
  async removeAll(folder: string): Promise<void> {
    const { bucket } = this.#options
    let token: string | undefined
    do {
      token = await this.#attempt(folder, async ({ client, sdk }) => {
        const input = { Bucket: bucket, Prefix: `${this.#prefix}${folder}/`, ContinuationToken: token }
        const { Contents = [], NextContinuationToken } = await client.send(
          new sdk.ListObjectsV2Command(input),
        )
        if (Contents.length === 0) return undefined
        const Objects = Contents.map(({ Key }) => ({ Key }))
        const reply = await client.send(
          new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        )
        const [failed] = reply.Errors ?? []
        if (failed) throw new Error(`${failed.Key} could not be removed: ${failed.Code} ${failed.Message}`)
        return NextContinuationToken
      })
    } while (token !== undefined)
  }

  copy(from: string, to: string): Promise<void> {
    return this.#attempt(from, ({ driver }) => driver.copy(this.#prefix + from, this.#prefix + to))
  }

  move(from: string, to: string): Promise<void> {
    return this.#attempt(from, ({ driver }) => driver.move(this.#prefix + from, this.#prefix + to))
  }

  /** Not with flydrive, which refuses to name files outside of `A-Za-z0-9-_!/.`. */
  list(folder: string, options: ListOptions & { readonly limit: number }): Promise<FileList> {
    const prefix = this.#prefix + (folder === '' ? '' : `${folder}/`)
    return this.#attempt(folder, async ({ client, sdk }) => {
      const command = new sdk.ListObjectsV2Command({
        Bucket: this.#options.bucket,
        Prefix: prefix,
        MaxKeys: options.limit,
        ContinuationToken: options.cursor,
        ...(!options.recursive && { Delimiter: '/' }),
      })
      const page = await client.send(command).catch((error: unknown) => {
        throw options.cursor !== undefined && statusOf(error) === 400
          ? new InvalidFileOptionError('cursor', options.cursor, 'the "next" of a list')
          : error
      })
      const files = (page.Contents ?? []).flatMap(({ Key = '', Size = 0, LastModified = new Date(0) }) =>
        this.#listed({ key: Key, size: Size, lastModified: LastModified }),
      )
      const folders = (page.CommonPrefixes ?? [])
        .map(({ Prefix = '' }) => Prefix.slice(this.#prefix.length, -1))
        .filter((key) => keyFault(key) === undefined)
      return { files, folders, next: page.NextContinuationToken }
    })
  }

  async signedUrl(key: string, options: SignedUrlOptions): Promise<string> {
    const { contentType, download } = options
    const expiresIn = secondsOf(options)
    const name = download === true ? nameOf(key) : download
    return this.#attempt(key, ({ driver }) =>
      driver.getSignedUrl(this.#prefix + key, {
        expiresIn,
        ...(contentType !== undefined && { contentType }),
        ...(name !== undefined && { contentDisposition: attachment(name) }),
      }),
    )
  }

  async signedUploadUrl(key: string, options: SignedUploadUrlOptions): Promise<string> {
    const { contentType } = options
    const expiresIn = secondsOf(options)
    return this.#attempt(key, ({ driver }) =>
      driver.getSignedUploadUrl(this.#prefix + key, {
        expiresIn,
        ...(contentType !== undefined && { contentType }),
      }),
    )
  }

  close(): void {
    // Whoever was waiting for what could not be opened has been told.
    this.#opened?.then(({ client }) => client.destroy()).catch(() => undefined)
  }

  #checkBucket(): Promise<void> {
    return this.#attempt('', async ({ client, sdk }) => {
      await client
        .send(new sdk.HeadBucketCommand({ Bucket: this.#options.bucket }))
        .catch((error: unknown) => {
          const hint = 'Make the bucket, or correct its name in config/files.ts.'
          throw statusOf(error) === 404
            ? new DiskUnavailableError(this.#disk, `there is no bucket "${this.#options.bucket}".`, hint)
            : error
        })
    })
  }

  /** Others may have put objects into the bucket whose keys are none of ours, such as markers of empty folders. */
  #listed(file: ListedFile): ListedFile[] {
    const key = file.key.slice(this.#prefix.length)
    return keyFault(key) === undefined ? [{ ...file, key }] : []
  }

  #open(): Promise<Bucket> {
    // A failure is not kept: the package may be installed meanwhile.
    this.#opened ??= openBucket(this.#disk, this.#options).catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async #attempt<T>(key: string, work: (bucket: Bucket) => Promise<T>): Promise<T> {
    const bucket = await this.#open()
    try {
      return await work(bucket)
    } catch (error) {
      throw explainRefusal(error, this.#disk, key)
    }
  }
}

/** The protocol counts in seconds. */
function secondsOf({ expiresIn }: { readonly expiresIn: number }): number {
  if (expiresIn > LONGEST_EXPIRY)
    throw new InvalidFileOptionError('expiresIn', expiresIn, `at most ${LONGEST_EXPIRY}, a week`)
  return Math.max(1, Math.floor(expiresIn / 1000))
}
