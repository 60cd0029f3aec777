/** @module A disk in a bucket of S3, or of a server that speaks its protocol. */

import type { Fault } from '../../errors/limber-error.ts'
import { faultsOfUrl } from '../check-config.ts'
import { keyFault } from '../file-key.ts'
import type { DiskDriver } from '../file-store.ts'
import type { S3DiskOptions } from './s3-options.ts'
import { S3Store } from './s3-store.ts'

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
