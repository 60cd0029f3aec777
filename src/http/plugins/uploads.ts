/** @module Uploads: the parts of a multipart request, one after the other, while they arrive. */
import type { Readable } from 'node:stream'
import type { Multipart } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loadFeature } from '../../support/load-feature.ts'
import { MalformedBodyError } from '../problems/request-errors.ts'
import type { RequestFacts } from '../requests/request-facts.ts'
import { AbilityOffError, UploadsReadError } from './errors.ts'
import { FileStream } from './file-stream.ts'
import { safeName } from './safe-name.ts'
import { fieldTooLarge, fileTooLarge, type Limits, toUploadError } from './upload-errors.ts'

/** How much a client may upload with one request. */
export interface UploadsConfig {
  /** How many files; default: 10. */
  readonly files?: number
  /** The largest file, in bytes; default: 10 MiB. */
  readonly fileSize?: number
  /** How many fields that are no files; default: 100. */
  readonly fields?: number
  /** The largest value of such a field, in bytes; default: 64 KiB. */
  readonly fieldSize?: number
  /** How many parts in all; default: as many as files and fields. */
  readonly parts?: number
}

export type UploadPart = UploadedFile | UploadedField

export interface UploadedFile {
  readonly kind: 'file'
  /** The name of the field. */
  readonly name: string
  /** As the client calls it; it may say anything. */
  readonly filename: string
  /** The same as a name without folders that every file system takes. Two files may still have the same one. */
  readonly safeName: string
  /** What the client says it is; nobody has looked. */
  readonly mimeType: string
  /** The content; it fails when the file is larger than allowed, or does not arrive as a whole. */
  readonly stream: Readable
}

export interface UploadedField {
  readonly kind: 'field'
  readonly name: string
  readonly value: string
}

const DEFAULTS = { files: 10, fileSize: 10_485_760, fields: 100, fieldSize: 65_536 }

const configs = new WeakMap<FastifyInstance, UploadsConfig>()
const alreadyRead = new WeakSet<FastifyRequest>()

/** @throws {PackageMissingError} */
export async function addUploads(server: FastifyInstance, config: UploadsConfig): Promise<void> {
  const load = () => import('@fastify/multipart')
  const multipart = await loadFeature('@fastify/multipart', '"uploads" in config/http.ts', load)
  await server.register(multipart.default, { limits: limitsOf(config) })
  configs.set(server, config)
}

/**
 * Gives the parts of a multipart request while they arrive. Nothing is kept in memory or on disk: each file is read in its
 * turn of the loop, and one that is not read passes by. It can be called once for each request.
 *
 * @param limits other ones than those of the configuration
 * @throws {AbilityOffError} when uploads are not configured
 * @throws {UnsupportedMediaTypeError} in the loop, when the request is no multipart
 * @throws {UploadLimitError} in the loop, when it is larger than allowed
 * @throws {MalformedBodyError} in the loop, when it cannot be read or breaks off
 * @throws {UploadsReadError} when it was called before
 * @example
 * ```ts
 * import { createWriteStream } from 'node:fs'
 * import { pipeline } from 'node:stream/promises'
 * import { type HttpContext, uploadsOf } from 'limber/http'
 *
 * export async function store(context: HttpContext) {
 *   for await (const part of uploadsOf(context)) {
 *     if (part.kind === 'file') await pipeline(part.stream, createWriteStream(`storage/${crypto.randomUUID()}`))
 *   }
 * }
 * ```
 */
export function uploadsOf(
  { request }: Pick<RequestFacts, 'request'>,
  limits: UploadsConfig = {},
): AsyncIterable<UploadPart> {
  const config = configs.get(request.server)
  if (!config) throw new AbilityOffError('uploadsOf()', '"uploads"')
  if (alreadyRead.has(request)) throw new UploadsReadError()
  alreadyRead.add(request)
  return readParts(request, limitsOf({ ...config, ...limits }))
}

async function* readParts(request: FastifyRequest, limits: Limits): AsyncGenerator<UploadPart> {
  // The client has gone while the handler was busy: nothing would ever arrive.
  if (request.raw.destroyed && !request.raw.readableEnded) throw brokenOff()
  const parts = request.parts({ limits })[Symbol.asyncIterator]()
  try {
    for (let part = await next(parts, limits); part; part = await next(parts, limits)) {
      refuseNameless(part)
      if (part.type === 'field') {
        if (part.valueTruncated) throw fieldTooLarge(part.fieldname, limits)
        const { value } = part
        yield {
          kind: 'field',
          name: part.fieldname,
          value: typeof value === 'string' ? value : JSON.stringify(value),
        }
        continue
      }
      const { fieldname, filename = '', mimetype } = part
      const stream = new FileStream(part.file, () => fileTooLarge(limits, fieldname), brokenOff)
      yield {
        kind: 'file',
        name: fieldname,
        filename,
        safeName: safeName(filename),
        mimeType: mimetype,
        stream,
      }
      await stream.settle()
    }
  } finally {
    // What is left is not for the parser any more; the server lets it pass by.
    request.raw.unpipe()
  }
}

async function next(parts: AsyncIterator<Multipart>, limits: Limits): Promise<Multipart | undefined> {
  try {
    const { done, value } = await parts.next()
    return done ? undefined : value
  } catch (error) {
    throw toUploadError(error, limits)
  }
}

/** The parser leaves it out then, whatever its type says. */
function refuseNameless({ fieldname }: Partial<Multipart>): void {
  if (!fieldname) throw new MalformedBodyError('a part of it has no name.')
}

function brokenOff(cause?: Error): MalformedBodyError {
  return new MalformedBodyError(cause?.message ?? 'it broke off.', cause)
}

function limitsOf(config: UploadsConfig): Limits {
  const limits = { ...DEFAULTS, ...config }
  return { ...limits, parts: config.parts ?? limits.files + limits.fields }
}
