/** @module Takes a module from a tar archive, without trusting a single name or size in it. */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { loadFeature } from '../../../support/load-feature.ts'
import { messageOf } from '../../../support/message-of.ts'
import { ModuleSourceError } from '../errors.ts'

/** Far more than a module has, and little enough for any disk. */
const MOST_BYTES = 256 * 1024 * 1024
const MOST_ENTRIES = 20_000

/** @throws {ModuleSourceError} @throws {PackageMissingError} without the package `tar` */
export async function extractArchive(source: string, file: string, into: string): Promise<void> {
  const tar = await loadFeature('tar', 'a module from an archive', () => import('tar'))
  let entries = 0
  let fault: string | undefined
  const unpack = tar.x({
    cwd: into,
    strict: true,
    preserveOwner: false,
    noChmod: true,
    filter: (name, entry) => {
      fault ??= ++entries > MOST_ENTRIES ? `it has more than ${MOST_ENTRIES} entries.` : faultOf(name, entry)
      return fault === undefined
    },
  })
  const steps = isCompressed(file) ? [createGunzip()] : []
  try {
    await pipeline([createReadStream(file), ...steps, limiter(() => fault), unpack])
  } catch (error) {
    throw new ModuleSourceError(source, fault ?? messageOf(error), undefined, error)
  }
  if (fault !== undefined) throw new ModuleSourceError(source, fault)
}

function faultOf(name: string, entry: object): string | undefined {
  const type: unknown = Reflect.get(entry, 'type')
  if (type !== undefined && type !== 'File' && type !== 'OldFile' && type !== 'Directory') {
    return `"${name}" in it is a link or a special file (${type}).`
  }
  if (/^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..')) {
    return `"${name}" in it leads out of the folder.`
  }
  return undefined
}

function isCompressed(file: string): boolean {
  const start = Buffer.alloc(2)
  const opened = openSync(file, 'r')
  try {
    readSync(opened, start, 0, 2, 0)
  } finally {
    closeSync(opened)
  }
  return start[0] === 0x1f && start[1] === 0x8b
}

/** Ends what unpacks to more than anybody wants, and what is no tar, such as a compressed file in a compressed file. */
function limiter(fault: () => string | undefined): Transform {
  let bytes = 0
  let start = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      const wasKnown = start.length >= 512
      if (!wasKnown) start = Buffer.concat([start, chunk])
      if (bytes > MOST_BYTES) return done(new Error(`it has more than ${MOST_BYTES / 1024 / 1024} MB.`))
      const reason = fault()
      if (reason !== undefined) return done(new Error(reason))
      if (wasKnown) return done(null, chunk)
      if (start.length < 512) return done()
      if (start.toString('latin1', 257, 262) !== 'ustar') return done(new Error('it is no tar archive.'))
      done(null, start)
    },
    flush(done) {
      done(start.length < 512 ? new Error('it is no tar archive.') : null)
    },
  })
}
