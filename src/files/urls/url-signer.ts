/** @module Signs URLs of files, and tells which ones it has signed. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../application/ports/clock.ts'
import { secretsOf } from '../../support/secrets.ts'
import { FileUrlExpiredError, InvalidFileUrlError } from '../errors.ts'
import { encodeKey, encodeSegment } from '../file-key.ts'
import type { SignedUrlOptions } from '../file-store.ts'
import type { UrlsConfig } from '../files-config.ts'

const DEFAULT_PATH = '/files'

/** What a signed URL stands for. */
export interface SignedFile {
  readonly disk: string
  readonly key: string
  /** In milliseconds since 1970. */
  readonly expires: number
  readonly contentType: string | undefined
  /** The name to save it under; empty for its own, undefined when it may be shown. */
  readonly download: string | undefined
}

const PARAMETERS = ['expires', 'type', 'download', 'signature'] as const

export class UrlSigner {
  readonly path: string
  readonly #secrets: readonly string[]
  readonly #origin: string
  readonly #clock: () => Clock

  constructor({ secret, path = DEFAULT_PATH, origin = '' }: UrlsConfig, clock: () => Clock) {
    this.path = path
    this.#secrets = secretsOf(secret ?? [])
    this.#origin = origin.replace(/\/$/, '')
    this.#clock = clock
  }

  sign(disk: string, key: string, { expiresIn, contentType, download }: SignedUrlOptions): string {
    // A clock may tell parts of a millisecond, and a name may have half a character: no URL carries either.
    const expires = Math.ceil(this.#clock().now()) + expiresIn
    const name = download === true ? '' : download?.toWellFormed()
    const file = { disk, key, expires, contentType, download: name }
    const query = new URLSearchParams({ expires: String(expires) })
    if (contentType !== undefined) query.set('type', contentType)
    if (name !== undefined) query.set('download', name)
    query.set('signature', digest(this.#secrets[0] ?? '', file).toString('base64url'))
    return `${this.#origin}${this.path}/${encodeSegment(disk)}/${encodeKey(key)}?${query}`
  }

  /**
   * Reads a URL as it was sent.
   *
   * @throws {InvalidFileUrlError} @throws {FileUrlExpiredError}
   */
  verify(url: string): SignedFile {
    const { file, signature } = this.#read(url)
    const given = Buffer.from(signature, 'base64url')
    // All of them are compared, so that the time tells nothing of which one it was.
    const matches = this.#secrets.filter((secret) => isSame(given, digest(secret, file)))
    if (matches.length === 0) throw new InvalidFileUrlError()
    if (this.#clock().now() >= file.expires) throw new FileUrlExpiredError(file.expires)
    return file
  }

  #read(url: string): { readonly file: SignedFile; readonly signature: string } {
    const cut = url.indexOf('?')
    const query = new URLSearchParams(cut < 0 ? '' : url.slice(cut))
    const parts = this.#partsOf(cut < 0 ? url : url.slice(0, cut))
    // Two values of one name, and it would depend on the reader which of them was signed.
    if (PARAMETERS.some((name) => query.getAll(name).length > 1)) throw new InvalidFileUrlError()
    const expires = query.get('expires') ?? ''
    if (!/^\d{1,16}$/.test(expires)) throw new InvalidFileUrlError()
    const [disk = '', ...names] = parts
    return {
      file: {
        disk,
        key: names.join('/'),
        expires: Number(expires),
        contentType: query.get('type') ?? undefined,
        download: query.get('download') ?? undefined,
      },
      signature: query.get('signature') ?? '',
    }
  }

  /** What stands behind the path, each part decoded once. */
  #partsOf(path: string): string[] {
    if (!path.startsWith(`${this.path}/`)) throw new InvalidFileUrlError()
    try {
      return path
        .slice(this.path.length + 1)
        .split('/')
        .map(decodeURIComponent)
    } catch (error) {
      if (error instanceof URIError) throw new InvalidFileUrlError()
      throw error
    }
  }
}

/** As a list in JSON, no value can pass for the end of one and the beginning of the next. */
function digest(secret: string, { disk, key, expires, contentType, download }: SignedFile): Buffer {
  const facts = ['limber files', 'GET', disk, key, expires, contentType ?? null, download ?? null]
  return createHmac('sha256', secret).update(JSON.stringify(facts)).digest()
}

function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected)
}
