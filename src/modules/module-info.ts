/** @module What is told of a module: by `modules.list()`, and to whoever lists them. */
import type { LimberError } from '../errors/limber-error.ts'

/**
 * `available`: found, and not enabled. `loaded`: everything of it is there. `failed` and `skipped`: the reason says why.
 * `unloaded`: enabled, and not loaded: not yet, not with the application, or no more.
 */
export type ModuleState = 'available' | 'loaded' | 'failed' | 'skipped' | 'unloaded'

export interface ModuleInfo {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly author: string
  /** From the root of the application. */
  readonly folder: string
  readonly state: ModuleState
  /** What its manifest asks for. */
  readonly permissions: readonly string[]
  /** What was consented to; undefined where nobody was asked yet. */
  readonly granted: readonly string[] | undefined
  readonly reason: LimberError | undefined
  /** Names its own database, while that is open; secrets are masked. */
  readonly database: string | undefined
  /** The services that it has bound. */
  readonly bindings: readonly string[]
}
