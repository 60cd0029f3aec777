/** @module Writes an object whose size nobody knows before its end: in one piece if it is small, else in parts. */
import type { CompletedPart } from '@aws-sdk/client-s3'
import type { Bucket } from './open-bucket.ts'

/** S3 takes 10,000 parts; one is held in memory. */
const PART = 8 * 1024 * 1024

export interface ObjectFacts {
  readonly Bucket: string
  readonly Key: string
  readonly ContentType: string
}

/** Wraps requests, so that errors of the content stay what they are. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>

/** The object is there when all of it is. */
export async function writeObject(
  bucket: Bucket,
  facts: ObjectFacts,
  content: AsyncIterable<Uint8Array>,
  attempt: Attempt,
): Promise<void> {
  const parts = inParts(content)
  const first = await parts.next()
  const start = first.done ? Buffer.alloc(0) : first.value
  if (start.length < PART) {
    await attempt(() => putObject(bucket, facts, start))
    return
  }
  await writeParts(bucket, facts, start, parts, attempt)
}

/** Every bucket answers with an ETag; a page of whatever else is there has none, and has kept nothing. */
async function putObject({ sdk, client }: Bucket, facts: ObjectFacts, Body: Uint8Array): Promise<void> {
  const command = new sdk.PutObjectCommand({ ...facts, Body, ContentLength: Body.length })
  const { ETag } = await client.send(command)
  if (ETag === undefined) throw new Error('What has answered is no bucket: there is no ETag.')
}

async function writeParts(
  { sdk, client }: Bucket,
  facts: ObjectFacts,
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  attempt: Attempt,
): Promise<void> {
  const { Bucket, Key } = facts
  const { UploadId } = await attempt(() => client.send(new sdk.CreateMultipartUploadCommand(facts)))
  const upload = { Bucket, Key, UploadId }
  const Parts: CompletedPart[] = []
  const send = async (Body: Uint8Array) => {
    const PartNumber = Parts.length + 1
    const { ETag } = await attempt(() =>
      client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body })),
    )
    Parts.push({ PartNumber, ETag })
  }
  try {
    await send(first)
    for await (const part of rest) await send(part)
    await attempt(() =>
      client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })),
    )
  } catch (error) {
    // What has failed is told; a rule of the bucket removes parts that could not be taken back.
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

/** Pieces of one size; the last one is smaller. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let size = 0
  for await (let bytes of content) {
    while (size + bytes.length >= PART) {
      const rest = PART - size
      yield Buffer.concat([...held, bytes.subarray(0, rest)])
      bytes = bytes.subarray(rest)
      held = []
      size = 0
    }
    if (bytes.length === 0) continue
    held.push(bytes)
    size += bytes.length
  }
  if (size > 0) yield Buffer.concat(held)
}
