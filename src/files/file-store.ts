/** @module What keeps the files of one disk. It is opened from a value in the configuration. */
import type { Readable } from 'node:stream'
import type { Fault } from '../errors/limber-error.ts'

export interface FileMetadata {
  /** In bytes. */
  readonly size: number
  readonly contentType: string
  readonly lastModified: Date
  /** Another one after each change of the content. */
  readonly etag: string
}

export interface WriteOptions {
  /** Kept by buckets; a local disk goes by the name of the file. Default: by the name as well. */
  readonly contentType?: string
}

export interface ListOptions {
  /** Whether files of folders below are listed as well; default false, which lists these folders instead. */
  readonly recursive?: boolean
  /** Where to go on: `next` of the page before. */
  readonly cursor?: string
  /** How many files and folders at most, from 1 to 1,000; default: 1,000. */
  readonly limit?: number
}

export interface ListedFile {
  readonly key: string
  /** In bytes. */
  readonly size: number
  readonly lastModified: Date
}

/** A page of a list, in the order of the bytes of the keys. */
export interface FileList {
  readonly files: readonly ListedFile[]
  /** Keys of folders, without a slash at their end. */
  readonly folders: readonly string[]
  /** The cursor of the next page; undefined after the last one. */
  readonly next: string | undefined
}

export interface SignedUrlOptions {
  /** For how long it opens the file, in milliseconds. */
  readonly expiresIn: number
  /** Sent instead of the type of the file. */
  readonly contentType?: string
  /** Makes browsers save the file: under its own name, or under this one. */
  readonly download?: true | string
}

export interface SignedUploadUrlOptions {
  /** For how long it takes the file, in milliseconds. */
  readonly expiresIn: number
  /** The type that the upload has to have. */
  readonly contentType?: string
}

/** All keys it is given are checked already. Its errors are those of `limber/files`; those of the content stay what they are. */
export interface FileStore {
  stream(key: string): Promise<Readable>
  /** @param content bytes; when it fails, nothing is written */
  write(key: string, content: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<void>
  exists(key: string): Promise<boolean>
  metadata(key: string): Promise<FileMetadata>
  /** A file that is not there is fine. */
  remove(key: string): Promise<void>
  removeAll(folder: string): Promise<void>
  copy(from: string, to: string): Promise<void>
  move(from: string, to: string): Promise<void>
  /** @param folder empty for all of the disk */
  list(folder: string, options: ListOptions & { readonly limit: number }): Promise<FileList>
  signedUrl(key: string, options: SignedUrlOptions): Promise<string>
  signedUploadUrl(key: string, options: SignedUploadUrlOptions): Promise<string>
  /** Below which URL everybody finds the files; undefined where nobody does. */
  readonly publicUrl: string | undefined
  /** Resolves when the disk works; left out where nobody asked for it. */
  check?(): Promise<void>
  close(): void
}

/** A disk as it stands in the configuration. */
export interface DiskDriver {
  /** What is wrong with its options, by their names. */
  faults(): readonly Fault[]
  /** Opens nothing yet: a server that is away must not keep the application from starting. */
  open(facts: DiskFacts): FileStore
}

/** Gives the signed URL of a file of one disk. */
export type SignUrl = (key: string, options: SignedUrlOptions) => string

export interface DiskFacts {
  /** The name of the disk in the configuration. */
  readonly disk: string
  /** The root of the application. */
  readonly appRoot: string
  /** Signs URLs that this application serves; undefined where `urls` is not configured. */
  readonly sign: SignUrl | undefined
}
