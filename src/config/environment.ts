/** @module Where environment variables come from, and what was wrong with those that were read. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { Fault } from '../errors/limber-error.ts'
import { EnvironmentError } from './errors.ts'

/** The variables of the process over those of a `.env` file, with the faults found while reading them. */
export class Environment {
  /** The folder of the application. */
  readonly root: string
  readonly #process: NodeJS.ProcessEnv
  readonly #text: string
  readonly #file: NodeJS.Dict<string>
  readonly #faults: Fault[] = []

  constructor(variables: NodeJS.ProcessEnv, envFile?: string) {
    this.root = envFile ? path.dirname(envFile) : '.'
    this.#process = variables
    this.#text = envFile && existsSync(envFile) ? readFileSync(envFile, 'utf8') : ''
    this.#file = parseEnv(this.#text)
    this.#refuseEnvironmentName()
  }

  get(name: string): string | undefined {
    return this.#process[name] ?? this.#file[name]
  }

  fault(name: string, message: string): void {
    this.#faults.push({ path: this.#place(name), message: `${name} ${message}` })
  }

  /** @throws {EnvironmentError} with every fault that was noted */
  throwFaults(): void {
    if (this.#faults.length > 0) throw new EnvironmentError(this.#faults)
  }

  /** What runs before the file is read, and Node itself, would take the application for one in development. */
  #refuseEnvironmentName(): void {
    const { NODE_ENV } = this.#file
    if (this.#process.NODE_ENV || !NODE_ENV || NODE_ENV === 'development') return
    this.fault(
      'NODE_ENV',
      `is "${NODE_ENV}" here, which comes too late: set it where the process is started.`,
    )
  }

  #place(name: string): string {
    if (this.#process[name] !== undefined) return 'environment'
    const line = this.#text
      .split('\n')
      .findLastIndex((text) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(text))
    return line < 0 ? '.env' : `.env:${line + 1}`
  }
}
