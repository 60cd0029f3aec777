/** @module A disk in a bucket of S3, or of a server that speaks its protocol. */

import type { Fault } from '../../errors/limber-error.ts'
import { faultsOfUrl } from '../check-config.ts'
import { keyFault } from '../file-key.ts'
import type { DiskDriver } from '../file-store.ts'
import { S3Store } from './s3-store.ts'

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
  /** How long a request may wait for its answer, in milliseconds; default: 30,000. */
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

/**
 * Keeps files in a bucket. It needs the packages flydrive, @aws-sdk/client-s3 and @aws-sdk/s3-request-presigner.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineFiles, s3Disk } from 'limber/files'
 *
 * export default defineFiles({
 *   disks: { bucket: s3Disk({ bucket: env.string('S3_BUCKET'), region: 'eu-central-1' }) },
 * })
 * ```
 */
export function s3Disk(options: S3DiskOptions): DiskDriver {
  return {
    faults: () => faultsOf(options),
    open: ({ disk }) => new S3Store(disk, options),
  }
}

function faultsOf(options: S3DiskOptions): Fault[] {
  const { credentials, endpoint, url, prefix } = options
  const texts = { bucket: options.bucket, region: options.region }
  const secrets = credentials && {
    'credentials.accessKeyId': credentials.accessKeyId,
    'credentials.secretAccessKey': credentials.secretAccessKey,
  }
  const faults: Fault[] = Object.entries({ ...texts, ...secrets })
    .filter(([, value]) => typeof value !== 'string' || value === '')
    .map(([path]) => ({ path, message: 'It is empty.' }))
  if (endpoint !== undefined) faults.push(...faultsOfUrl('endpoint', endpoint))
  if (url !== undefined) faults.push(...faultsOfUrl('url', url))
  const reason = prefix === undefined ? undefined : keyFault(prefix)
  if (reason !== undefined) faults.push({ path: 'prefix', message: `It is no folder: ${reason}.` })
  for (const path of ['timeout', 'attempts'] as const) {
    const value = options[path]
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue
    faults.push({ path, message: `It is ${value}, but has to be a whole number above zero.` })
  }
  return faults
}
