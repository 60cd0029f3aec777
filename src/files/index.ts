/** @module limber/files: files of the application, in a folder or in a bucket. */
export type { Secrets } from '../support/secrets.ts'
export { Disk } from './disk.ts'
export * from './errors.ts'
export type { FileContent } from './file-content.ts'
export type {
  DiskDriver,
  DiskFacts,
  FileList,
  FileMetadata,
  FileStore,
  ListedFile,
  ListOptions,
  SignedUploadUrlOptions,
  SignedUrlOptions,
  SignUrl,
  WriteOptions,
} from './file-store.ts'
export { Files } from './files.ts'
export * from './files-config.ts'
export { FilesServiceProvider } from './files-service-provider.ts'
export { type LocalDiskOptions, localDisk } from './local/local-disk.ts'
export { s3Disk } from './s3/s3-disk.ts'
export type { S3Credentials, S3DiskOptions } from './s3/s3-options.ts'
