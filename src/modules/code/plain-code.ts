/** @module Imports compiled modules where rolldown is not installed: once, since Node keeps what it has imported. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { PackageMissingError } from '../../support/load-feature.ts'
import type { Namespace } from './script.ts'

/** The folders that were imported by Node in this process. */
const known = new Set<string>()

export class PlainCode {
  readonly #name: string
  readonly #missing: PackageMissingError
  readonly #isReload: boolean

  /** @param name of the folder from the root */
  constructor(folder: string, name: string, missing: PackageMissingError) {
    this.#name = name
    this.#missing = missing
    this.#isReload = known.has(folder)
    known.add(folder)
  }

  /** @throws {PackageMissingError} for TypeScript, and for a module that was imported before */
  async import(file: string): Promise<Namespace> {
    if (this.#isReload) throw this.#refusal(`loading the module in "${this.#name}" once more`)
    if (/\.m?ts$/.test(file))
      throw this.#refusal(`"${this.#name}/${path.basename(file)}", which is TypeScript,`)
    return import(pathToFileURL(file).href)
  }

  #refusal(feature: string): PackageMissingError {
    return new PackageMissingError('rolldown', feature, this.#missing.cause)
  }
}
