/** @module What is said of a bucket in the configuration. */

export interface S3DiskOptions {
  readonly bucket: string
  /** The region of the bucket: `eu-central-1`; `auto` for servers without regions. */
  readonly region: string
  /** The server, where it is not that of Amazon. */
  readonly endpoint?: string
  /** Default: those that the environment of the process gives, as every client of Amazon looks for them. */
  readonly credentials?: S3Credentials
  /** Whether the bucket stands in the path of URLs instead of the name of the host; default false. */
  readonly forcePathStyle?: boolean
  /** What all keys begin with in the bucket: `books` keeps `covers/emma.png` as `books/covers/emma.png`. Default: nothing. */
  readonly prefix?: string
  /** Below which URL everybody finds the files, with their prefix: a bucket that is public, a CDN. Default: nobody does. */
  readonly url?: string
  /** How long a request may wait for its answer, and a reader for more of a file, in milliseconds; default: 30,000. */
  readonly timeout?: number
  /** How often a request is tried; default: 3. */
  readonly attempts?: number
  /** Whether the application is only healthy when the bucket answers; default false. */
  readonly health?: boolean
}

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}
