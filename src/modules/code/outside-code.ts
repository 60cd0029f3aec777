/** @module Code that a module imports and that is not its own: the framework, the application, packages. */
import { pathToFileURL } from 'node:url'
import { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { ModuleCodeError } from './errors.ts'
import type { Namespace, Script } from './script.ts'
import type { Target } from './targets.ts'
import type { Unit } from './unit.ts'

export type OutsideTarget = Exclude<Target, { kind: 'own' }>

/** Imports from where the framework is, so that a module shares its instances of it and of the files of the application. */
export function importOutside(target: OutsideTarget, script: Script): Promise<Namespace> {
  if (target.kind === 'framework') return import(target.specifier)
  const specifier = target.kind === 'application' ? target.url : target.specifier
  if (isData(specifier)) return script.load(specifier, { with: { type: 'json' } })
  return target.kind === 'application' ? import(specifier) : script.load(specifier)
}

export class OutsideCode implements Unit {
  readonly dependencies: readonly Unit[] = []
  order: number | undefined
  readonly #place: string
  readonly #load: () => Promise<Namespace>
  #exports: Namespace | undefined
  #run: Promise<void> | undefined

  /** @param place of the import, for messages */
  constructor(place: string, load: () => Promise<Namespace>) {
    this.#place = place
    this.#load = load
  }

  get exports(): Namespace {
    return this.#exports ?? {}
  }

  run(): Promise<void> {
    this.#run ??= this.#import()
    return this.#run
  }

  async #import(): Promise<void> {
    try {
      this.#exports = await this.#load()
    } catch (error) {
      if (error instanceof ModuleCodeError) throw error
      const hint = error instanceof LimberError ? error.hint : undefined
      const fallback = 'Look at what it imports there; a package may have to be installed.'
      throw new ModuleCodeError(this.#place, messageOf(error), hint ?? fallback, error)
    }
  }
}

/** The data of a JSON file of the module, read anew for every load. */
export function dataExports(text: string): Namespace {
  return Object.freeze({ __proto__: null, default: JSON.parse(text) })
}

function isData(specifier: string): boolean {
  return new URL(specifier, pathToFileURL('/')).pathname.endsWith('.json')
}
