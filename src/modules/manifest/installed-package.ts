/** @module The packages that are installed, as Node finds them from a folder. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { codeOf } from '../../support/code-of.ts'
import { messageOf } from '../../support/message-of.ts'

export interface InstalledPackage {
  /** Of its package.json. */
  readonly file: string
  /** Undefined where its package.json says none. */
  readonly version: string | undefined
}

/**
 * Looks for the package.json itself: packages need not export it. A package also finds itself by its own name, as Node
 * lets it.
 *
 * @returns undefined when it is not there, and the reason when it cannot be read
 */
export async function installedPackage(
  name: string,
  folder: string,
): Promise<InstalledPackage | string | undefined> {
  for (let here = folder; ; here = path.dirname(here)) {
    const installed = await read(path.join(here, 'node_modules', name, 'package.json'))
    if (installed !== undefined) return typeof installed === 'string' ? installed : installed.found
    const own = await read(path.join(here, 'package.json'))
    if (typeof own === 'object' && own.name === name) return own.found
    if (path.dirname(here) === here) return undefined
  }
}

interface Description {
  readonly name: unknown
  readonly found: InstalledPackage
}

async function read(file: string): Promise<Description | string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    const { name, version }: { name?: unknown; version?: unknown } = Object(content)
    return { name, found: { file, version: typeof version === 'string' ? version : undefined } }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return `its package.json cannot be read: ${code ?? messageOf(error)}`
  }
}
