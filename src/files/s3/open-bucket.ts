/** @module Loads what speaks with a bucket, when a file is asked for. */
import type { CopyObjectCommandInput, S3Client } from '@aws-sdk/client-s3'
import type { S3Driver } from 'flydrive/drivers/s3'
import { loadFeature } from '../../support/load-feature.ts'
import type { S3DiskOptions } from './s3-options.ts'

export const DEFAULT_TIMEOUT = 30_000
/** A server that is there takes a connection soon, or never. */
const LONGEST_CONNECT = 5_000

export interface Bucket {
  readonly sdk: typeof import('@aws-sdk/client-s3')
  readonly client: S3Client
  readonly driver: S3Driver
}

/** @throws {PackageMissingError} */
export async function openBucket(disk: string, options: S3DiskOptions): Promise<Bucket> {
  const feature = `the disk "${disk}" in config/files.ts`
  const sdk = await loadFeature('@aws-sdk/client-s3', feature, () => import('@aws-sdk/client-s3'))
  await loadFeature('@aws-sdk/s3-request-presigner', feature, () => import('@aws-sdk/s3-request-presigner'))
  const flydrive = await loadFeature('flydrive', feature, () => import('flydrive/drivers/s3'))

  class Driver extends flydrive.S3Driver {
    /** The source is a part of a URL, which flydrive leaves as it is. */
    protected override createCopyObjectCommand(_: S3Client, input: CopyObjectCommandInput) {
      const source = String(input.CopySource).split('/').map(encodeURIComponent).join('/')
      return new sdk.CopyObjectCommand({ ...input, CopySource: source })
    }
  }

  const client = clientOf(sdk, options)
  return {
    sdk,
    client,
    driver: new Driver({ client, bucket: options.bucket, visibility: 'private', supportsACL: false }),
  }
}

function clientOf({ S3Client }: Bucket['sdk'], options: S3DiskOptions): S3Client {
  const { region, endpoint, credentials, forcePathStyle = false } = options
  const { timeout = DEFAULT_TIMEOUT, attempts = 3 } = options
  return new S3Client({
    region,
    forcePathStyle,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: Math.min(timeout, LONGEST_CONNECT),
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
    },
    // Other servers than that of Amazon refuse them, and in signed URLs they would have to be those of nothing.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}
