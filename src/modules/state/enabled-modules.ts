/** @module The modules that were enabled with `limber module enable`, and what was consented to. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lockFile } from '../../database/sqlite/file-lock.ts'
import { codeOf } from '../../support/code-of.ts'
import { writeDurably } from '../../support/durable-file.ts'
import { isJsonObject } from '../../support/json-object.ts'
import { messageOf } from '../../support/message-of.ts'
import { EnabledModulesBusyError, EnabledModulesFileError } from './errors.ts'

export interface EnabledModule {
  /** What was consented to. */
  readonly permissions: readonly string[]
  /** The version that it was enabled with, or last updated to. */
  readonly version: string
}

const FORMAT = 1

/**
 * Reads and writes `modules.json` in the folder of what belongs to modules.
 *
 * @example
 * ```ts
 * import { EnabledModules } from 'limber/modules'
 *
 * const enabled = new EnabledModules('storage/modules')
 * await enabled.set('shop', { permissions: ['use_db'], version: '1.0.0' })
 * ```
 */
export class EnabledModules {
  /** `modules.json` in the folder of what belongs to modules. */
  readonly file: string
  readonly #lock: string
  readonly #wait: number

  /** @param wait for another process that writes, in milliseconds */
  constructor(folder: string, { wait = 10_000 }: { readonly wait?: number } = {}) {
    this.#wait = wait
    this.file = path.join(folder, 'modules.json')
    this.#lock = path.join(folder, 'locks/modules.lock')
  }

  /**
   * Reads all, by name.
   *
   * @throws {EnabledModulesFileError} when the file is there and not as it was written
   */
  all(): ReadonlyMap<string, EnabledModule> {
    return this.#read()
  }

  /** @throws {EnabledModulesFileError} */
  find(name: string): EnabledModule | undefined {
    return this.#read().get(name)
  }

  /** @throws {EnabledModulesFileError} @throws {EnabledModulesBusyError} */
  async set(name: string, { permissions, version }: EnabledModule): Promise<void> {
    await this.#change((modules) => modules.set(name, { permissions: [...permissions], version }))
  }

  /** @throws {EnabledModulesFileError} @throws {EnabledModulesBusyError} */
  async remove(name: string): Promise<void> {
    await this.#change((modules) => modules.delete(name))
  }

  /** Another process that writes at the same time is waited for, and what it has written is kept. */
  async #change(apply: (modules: Map<string, EnabledModule>) => unknown): Promise<void> {
    const lock = await lockFile(this.#lock, this.#wait)
    if (typeof lock === 'string') throw new EnabledModulesBusyError(this.file, lock, this.#wait / 1_000)
    try {
      const modules = this.#read()
      apply(modules)
      const sorted = [...modules].sort(([a], [b]) => (a < b ? -1 : 1))
      const content = { format: FORMAT, modules: Object.fromEntries(sorted) }
      writeDurably(this.file, `${JSON.stringify(content, null, 2)}\n`)
    } finally {
      await lock.release()
    }
  }

  #read(): Map<string, EnabledModule> {
    const content = this.#parse()
    if (content === undefined) return new Map()
    const { format, modules } = content
    if (format !== FORMAT) {
      throw new EnabledModulesFileError(this.file, `its format is "${format}", and ${FORMAT} is known`)
    }
    if (!isJsonObject(modules)) throw new EnabledModulesFileError(this.file, 'it has no "modules"')
    return new Map(Object.entries(modules).map(([name, entry]) => [name, this.#entry(name, entry)]))
  }

  #entry(name: string, entry: unknown): EnabledModule {
    if (isJsonObject(entry) && typeof entry.version === 'string' && isTexts(entry.permissions)) {
      return { permissions: entry.permissions, version: entry.version }
    }
    const expectation = `"${name}" in it is not { "permissions": […], "version": "…" }`
    throw new EnabledModulesFileError(this.file, expectation)
  }

  #parse(): Readonly<Record<string, unknown>> | undefined {
    let content: unknown
    try {
      content = JSON.parse(readFileSync(this.file, 'utf8'))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw new EnabledModulesFileError(this.file, messageOf(error), error)
    }
    if (isJsonObject(content)) return content
    throw new EnabledModulesFileError(this.file, 'it is no JSON object')
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
