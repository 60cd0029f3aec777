/** @module The files of a module that are in use, from one load to its unload. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { messageOf } from '../../support/message-of.ts'
import { CodeFile } from './code-file.ts'
import type { Compile, FileImport } from './compiler.ts'
import { ModuleCodeError } from './errors.ts'
import { dataExports, importOutside, OutsideCode } from './outside-code.ts'
import type { Namespace } from './script.ts'
import { type Target, targetOf } from './targets.ts'
import { inOrder, runAll, type Unit } from './unit.ts'

export class CodeGraph {
  readonly #compile: Compile
  readonly #folder: string
  readonly #nameOf: (file: string) => string
  readonly #files = new Map<string, Unit>()
  #loading: Promise<unknown> = Promise.resolve()
  #count = 0
  #isClosed = false

  /** @param folder of the module, a real path */
  constructor(compile: Compile, folder: string, nameOf: (file: string) => string) {
    this.#compile = compile
    this.#folder = folder
    this.#nameOf = nameOf
  }

  /** @param open the files whose code waits for this import */
  async import(file: string, open: ReadonlySet<Unit> = new Set()): Promise<Namespace> {
    // One after the other, so that files that two of them need are read once and bound when both go on.
    const loaded = this.#loading.then(() => this.#load(file))
    this.#loading = loaded.catch(() => undefined)
    const unit = await loaded
    await runAll(unit, open)
    return unit.exports
  }

  /** The files that have been read. */
  get files(): readonly CodeFile[] {
    return [...this.#files.values()].filter((unit) => unit instanceof CodeFile)
  }

  close(): void {
    this.#isClosed = true
    this.#files.clear()
  }

  async #load(file: string): Promise<Unit> {
    if (this.#isClosed) throw this.#closed(file)
    const root = await this.#read(file, new Set())
    const units = inOrder(root).filter(({ order }) => order === undefined)
    for (const unit of units) if (unit instanceof CodeFile) unit.check()
    for (const unit of units) {
      this.#count += 1
      unit.order = this.#count
      if (unit instanceof CodeFile) unit.start(this.#importLater)
    }
    return root
  }

  /** Reads a file and all that it imports, which are bound to it; those that are known already are looked through again. */
  async #read(file: string, seen: Set<string>): Promise<Unit> {
    const unit = this.#files.get(file) ?? (await this.#make(file))
    if (seen.has(file) || !(unit instanceof CodeFile) || unit.order !== undefined) return unit
    seen.add(file)
    const units = new Map<string, Unit>()
    for (const taken of unit.compiled.imports) {
      if (!units.has(taken.specifier)) units.set(taken.specifier, await this.#dependency(taken, unit, seen))
    }
    unit.bind(units)
    return unit
  }

  async #make(file: string): Promise<Unit> {
    const name = this.#nameOf(file)
    const unit = file.endsWith('.json')
      ? new OutsideCode(name, async () => dataExports(readFileSync(file, 'utf8')))
      : new CodeFile(file, name, await this.#compile(file, this.#nameOf))
    this.#files.set(file, unit)
    return unit
  }

  async #dependency(taken: FileImport, by: CodeFile, seen: Set<string>): Promise<Unit> {
    const target = this.#target(taken, by)
    if (target.kind === 'own') return this.#read(target.file, seen)
    return new OutsideCode(by.placeOf(taken), () => importOutside(target, by.script))
  }

  #target(taken: FileImport, by: CodeFile): Target {
    try {
      return targetOf(taken.specifier, by.file, this.#folder)
    } catch (error) {
      const reason = `"${taken.specifier}" is not there.`
      throw new ModuleCodeError(by.placeOf(taken), reason, 'Correct the path, or add the file.', error)
    }
  }

  readonly #importLater = async (specifier: string, by: CodeFile, options?: ImportCallOptions) => {
    if (this.#isClosed) throw this.#closed(by.file)
    const target = this.#target({ specifier, names: [], line: undefined }, by)
    if (target.kind === 'own') return this.import(target.file, by.open)
    if (target.kind === 'package') return by.script.load(target.specifier, options)
    return importOutside(target, by.script)
  }

  #closed(file: string): ModuleCodeError {
    const folder = path.dirname(this.#nameOf(path.join(this.#folder, 'module.yaml')))
    const hint = `End what still runs of ${folder} in onUnload(), or import the file before.`
    return new ModuleCodeError(this.#nameOf(file), 'its module was unloaded.', hint)
  }
}

/** The words of what was thrown, in one line. */
export function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
