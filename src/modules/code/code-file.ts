/** @module One file of a module: compiled, bound to what it imports, and run like an ES module. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { suggest } from '../../support/suggest.ts'
import { type CompiledFile, type FileImport, START, UNNAMED } from './compiler.ts'
import { ModuleCodeError } from './errors.ts'
import { makeScript, type Script } from './script.ts'
import { resolveFrom } from './targets.ts'
import type { Unit } from './unit.ts'

/** Imports for a file that is running or has run. */
export type ImportLater = (specifier: string, by: CodeFile, options?: ImportCallOptions) => Promise<object>

export class CodeFile implements Unit {
  readonly exports: Readonly<Record<string, unknown>>
  readonly compiled: CompiledFile
  readonly script: Script
  readonly file: string
  /** From the root of the application. */
  readonly name: string
  order: number | undefined
  /** Those whose code waits for this one while it runs, and this one. */
  open: ReadonlySet<Unit> = new Set()
  #units: ReadonlyMap<string, Unit> = new Map()
  #open: (() => void) | undefined
  #body: Promise<void> | undefined
  #run: Promise<void> | undefined

  constructor(file: string, name: string, compiled: CompiledFile) {
    this.file = file
    this.name = name
    this.compiled = compiled
    this.script = makeScript(file, compiled)
    this.exports = Object.create(null, { [Symbol.toStringTag]: { value: 'Module' } })
  }

  get dependencies(): readonly Unit[] {
    return [...this.#units.values()]
  }

  /** Where an import stands: `modules/shop/routes.ts:3`. */
  placeOf({ line }: FileImport): string {
    return line === undefined ? this.name : `${this.name}:${line}`
  }

  /** @param units what each specifier means */
  bind(units: ReadonlyMap<string, Unit>): void {
    this.#units = units
  }

  /** @throws {ModuleCodeError} when another file of the module does not export what this one takes from it */
  check(): void {
    for (const { unit, taken } of this.#taken())
      if (unit instanceof CodeFile) this.#refuseMissing(taken, unit)
  }

  /** Begins the body, which defines its exports and functions and then waits until `run` is called. */
  start(importLater: ImportLater): void {
    if (this.#body) return
    const gate = new Promise<void>((resolve) => {
      this.#open = resolve
    })
    const load = async (specifier: string) => {
      await gate
      return specifier === START ? {} : this.#units.get(specifier)?.exports
    }
    const later = async (specifier: unknown, options?: ImportCallOptions) =>
      importLater(String(specifier), this, options)
    // The names of a namespace are sorted.
    for (const name of [...(this.exportedNames() ?? [])].sort()) this.#define(name, () => undefined)
    for (const star of this.compiled.stars) this.#passOn(this.#units.get(star))
    const { run } = this.script
    this.#body = run(load, later, this.exports, (outside) => this.#give(outside), this.#meta())
    // A fault is told to whoever calls `run`; one that does not wait for that is no less a fault then.
    this.#body.catch(() => undefined)
    this.#guard()
  }

  run(open: ReadonlySet<Unit>): Promise<void> {
    this.#run ??= this.#finish(open)
    return this.#run
  }

  /** Every name it exports, also by `export *`; undefined where code from outside decides. */
  exportedNames(seen = new Set<Unit>()): Set<string> | undefined {
    if (seen.has(this)) return new Set()
    seen.add(this)
    const names = new Set(this.compiled.exports)
    for (const star of this.compiled.stars) {
      const unit = this.#units.get(star)
      const more = unit instanceof CodeFile ? unit.exportedNames(seen) : undefined
      if (!more) return undefined
      for (const name of more) if (name !== 'default') names.add(name)
    }
    return names
  }

  async #finish(open: ReadonlySet<Unit>): Promise<void> {
    this.open = new Set([...open, this])
    try {
      for (const { unit, taken } of this.#taken()) {
        if (!(unit instanceof CodeFile))
          this.#refuse(taken, (name) => name in unit.exports, Object.keys(unit.exports))
      }
      this.#open?.()
      await this.#body
      this.#settle()
    } finally {
      this.open = new Set()
    }
  }

  *#taken() {
    for (const taken of this.compiled.imports) {
      const unit = this.#units.get(taken.specifier)
      if (unit) yield { unit, taken }
    }
  }

  #refuseMissing(taken: FileImport, from: CodeFile): void {
    const names = from.exportedNames()
    if (names) this.#refuse(taken, (name) => names.has(name), [...names])
  }

  #refuse(taken: FileImport, has: (name: string) => boolean, known: readonly string[]): void {
    const missing = taken.names.find((name) => !has(name))
    if (missing === undefined) return
    const near = suggest(missing, known)
    const hint = near
      ? `Did you mean "${near}"?`
      : 'Export it there, or write "import type" where it is only a type.'
    const reason = `"${taken.specifier}" does not export "${missing}".`
    throw new ModuleCodeError(this.placeOf(taken), reason, hint)
  }

  /** Exports what another file of the module exports. */
  #passOn(unit: Unit | undefined): void {
    if (!(unit instanceof CodeFile)) return
    const own = new Set(this.compiled.exports)
    for (const name of unit.exportedNames() ?? []) {
      if (name !== 'default' && !own.has(name)) this.#define(name, () => unit.exports[name])
    }
  }

  /** Exports what code from outside exports; that of other files is passed on before anything runs. */
  #give(namespace: object): void {
    for (const name of Object.keys(namespace)) {
      if (name !== 'default' && !(name in this.exports))
        this.#define(name, () => Reflect.get(namespace, name))
    }
  }

  #define(name: string, get: () => unknown): void {
    Object.defineProperty(this.exports, name, { enumerable: true, configurable: true, get })
  }

  /** Makes values that are used too early an error that names the file, until all of them are there. */
  #guard(): void {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(this.exports))) {
      if (get) this.#define(name, () => this.#early(name, get))
    }
  }

  #early(name: string, get: () => unknown): unknown {
    try {
      return get()
    } catch (error) {
      if (!(error instanceof ReferenceError) || error.message.startsWith('"')) throw error
      const reason = 'this file and the one that uses it import each other'
      throw new ReferenceError(`"${name}" of ${this.name} is used before it is there: ${reason}.`, {
        cause: error,
      })
    }
  }

  #settle(): void {
    const unnamed = this.exports.default
    if (typeof unnamed === 'function' && unnamed.name === UNNAMED) {
      Object.defineProperty(unnamed, 'name', { value: 'default' })
    }
    Object.freeze(this.exports)
  }

  #meta(): object {
    const { file } = this
    const resolve = (specifier: string) => resolveFrom(specifier, file)
    return {
      __proto__: null,
      dirname: path.dirname(file),
      filename: file,
      resolve,
      url: pathToFileURL(file).href,
    }
  }
}
