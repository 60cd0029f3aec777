/** @module A module that was found once: what was seen of it last, whether it lives, and how it is. */
import type { LimberError } from '../errors/limber-error.ts'
import { ModuleSkippedError } from './errors.ts'
import type { ModuleLife } from './life/module-life.ts'
import type { FoundModule } from './manifest/manifest.ts'
import type { ModuleState } from './module-info.ts'

/** What a look at its folder tells. */
export interface Sighting {
  /** Undefined for one whose manifest cannot be used. */
  readonly found: FoundModule | undefined
  /** What was consented to; undefined where nobody was asked. */
  readonly granted: readonly string[] | undefined
  /** What is wrong with it: it is not brought to life. */
  readonly obstacle: LimberError | undefined
}

export class KnownModule {
  readonly name: string
  #folder: string
  #sighting: Sighting = { found: undefined, granted: undefined, obstacle: undefined }
  #state: ModuleState = 'available'
  #reason: LimberError | undefined
  #life: ModuleLife | undefined

  constructor(name: string, folder: string) {
    this.name = name
    this.#folder = folder
  }

  get folder(): string {
    return this.#folder
  }

  /** As it was last found. */
  get found(): FoundModule | undefined {
    return this.#sighting.found
  }

  /** What it lives by, or would live by. */
  get current(): FoundModule | undefined {
    return this.#life?.found ?? this.found
  }

  get granted(): readonly string[] | undefined {
    return this.#sighting.granted
  }

  get obstacle(): LimberError | undefined {
    return this.#sighting.obstacle
  }

  get state(): ModuleState {
    return this.#state
  }

  get reason(): LimberError | undefined {
    return this.#reason
  }

  /** From its registration to its end. */
  get life(): ModuleLife | undefined {
    return this.#life
  }

  /** Takes note of a look at its folder; one that lives stays as it is. */
  see({ found, granted, obstacle }: Sighting): void {
    if (this.#life) return
    const wasHindered = this.obstacle !== undefined || this.#state === 'available'
    const isWaiting = found !== undefined && granted === undefined
    this.#folder = found?.folder ?? this.#folder
    this.#sighting = { found: found ?? this.found, granted, obstacle }
    if (isWaiting) this.#become('available', obstacle)
    else if (obstacle) this.#become('failed', obstacle)
    else if (wasHindered) this.#become('unloaded')
  }

  begin(life: ModuleLife): void {
    this.#life = life
  }

  /** Everything of it is there. */
  load(): void {
    this.#become('loaded')
  }

  fail(reason: LimberError): void {
    this.#life = undefined
    this.#become(reason instanceof ModuleSkippedError ? 'skipped' : 'failed', reason)
  }

  end(): void {
    this.#life = undefined
    this.#become('unloaded')
  }

  #become(state: ModuleState, reason?: LimberError): void {
    this.#state = state
    this.#reason = reason
  }
}
