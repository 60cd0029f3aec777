/** @module Brings modules to life and ends them, in order; one that fails costs only those that require it. */
import { attachCause } from '../../errors/attempt-all.ts'
import { LimberError } from '../../errors/limber-error.ts'
import type { Catalog, ModuleEntry } from '../catalog.ts'
import { ModuleNotLoadedError, ModuleSkippedError, ModuleStepError, RequiredModuleError } from '../errors.ts'
import { ModuleLife } from './module-life.ts'
import type { ModuleRoom } from './module-room.ts'

type Work = (life: ModuleLife) => Promise<void>

export class Lives {
  readonly #room: ModuleRoom
  readonly #catalog: Catalog
  #isClosing = false
  #strictFault: LimberError | undefined

  constructor(room: ModuleRoom, catalog: Catalog) {
    this.#room = room
    this.#catalog = catalog
  }

  /** Whether the application stops: nothing begins any more. */
  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Finds all modules, registers those that are to be loaded with the application, and boots them. */
  async prepare(): Promise<void> {
    await this.#catalog.recover()
    await this.#catalog.refresh()
    await this.#orEndAll(async () => {
      for (const { name, state, obstacle } of this.#catalog.all()) {
        if (obstacle && state === 'failed') this.#report(name, obstacle)
      }
      const wanted = this.#withRequired(
        this.#catalog.all().filter(({ found, state }) => state === 'unloaded' && found?.manifest.autoLoad),
      )
      for (const entry of wanted) await this.#register(entry)
      for (const entry of wanted) await this.#go(entry, (life) => life.boot())
    })
  }

  /** Starts everything that was registered. */
  async begin(): Promise<void> {
    if (this.#strictFault) throw this.#strictFault
    await this.#orEndAll(async () => {
      for (const entry of this.#catalog.all()) if (!this.#isClosing) await this.#start(entry)
    })
  }

  /**
   * Brings one to life, with those that it requires.
   *
   * @throws {ModuleNotLoadedError}
   */
  async load(entry: ModuleEntry): Promise<void> {
    if (entry.state !== 'available') {
      for (const each of this.#withRequired([entry])) await this.#wholly(each)
    }
    if (entry.state !== 'loaded') throw new ModuleNotLoadedError(entry.name, entry.state, entry.reason)
  }

  /** Brings those to life that require one which is there again; what fails on the way is logged and kept. */
  async loadRequirers(names: readonly string[]): Promise<void> {
    for (const entry of this.#catalog.all()) {
      const isRequirer = names.includes(entry.name) || entry.reason instanceof RequiredModuleError
      if (isRequirer && entry.granted !== undefined) await this.#wholly(entry)
    }
  }

  /** Ends these, the last loaded first, and gives what went wrong. */
  async end(entries: readonly ModuleEntry[], deadline: number): Promise<unknown[]> {
    const errors: unknown[] = []
    const order = this.#catalog.all()
    for (const entry of entries.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))) {
      if (!entry.life) continue
      errors.push(...(await entry.life.end(deadline)))
      Object.assign(entry, { life: undefined, state: 'unloaded', reason: undefined })
    }
    return errors
  }

  endAll(deadline: number): Promise<unknown[]> {
    return this.end(this.#catalog.all(), deadline)
  }

  /** From now on nothing begins. */
  close(): void {
    this.#isClosing = true
  }

  async #wholly(entry: ModuleEntry): Promise<void> {
    if (entry.life) return
    await this.#register(entry, false)
    await this.#go(entry, (life) => life.boot(), false)
    await this.#start(entry, false)
  }

  async #register(entry: ModuleEntry, canStop = true): Promise<void> {
    const { found } = entry
    if (!found || entry.granted === undefined || entry.obstacle) return
    entry.life = new ModuleLife(this.#room, found)
    const work: Work = (life) => {
      this.#requireOthers(entry, ({ life: other }) => other !== undefined)
      return life.register()
    }
    await this.#go(entry, work, canStop)
  }

  async #start(entry: ModuleEntry, canStop = true): Promise<void> {
    const work: Work = async (life) => {
      this.#requireOthers(entry, ({ state }) => state === 'loaded')
      await life.start()
      Object.assign(entry, { state: 'loaded', reason: undefined })
    }
    await this.#go(entry, work, canStop)
  }

  /** Does the next step of a life; a failure is the end of that life, and of none else. */
  async #go(entry: ModuleEntry, work: Work, canStop = true): Promise<void> {
    const { life, name } = entry
    if (!life) return
    try {
      await work(life)
    } catch (error) {
      const reason = error instanceof LimberError ? error : new ModuleStepError(name, 'its loading', error)
      for (const failure of await life.end(Date.now())) attachCause(reason, failure)
      const state = reason instanceof ModuleSkippedError ? 'skipped' : 'failed'
      Object.assign(entry, { life: undefined, state, reason })
      this.#report(name, reason, canStop)
    }
  }

  #report(module: string, reason: LimberError, canStop = true): void {
    const isStrict = this.#room.app.config.find('app')?.strictModules === true
    if (isStrict && canStop && !(reason instanceof ModuleSkippedError)) throw reason
    this.#room.app.make('log').warn({ err: reason, module }, reason.message)
  }

  /** @throws {RequiredModuleError} */
  #requireOthers({ name, found }: ModuleEntry, isThere: (entry: ModuleEntry) => boolean): void {
    for (const required of Object.keys(found?.manifest.requires ?? {})) {
      const other = this.#catalog.find(required)
      if (other && isThere(other)) continue
      throw new RequiredModuleError(name, required, other?.state ?? 'missing', other?.reason)
    }
  }

  /** These with all that they require and that is enabled, in the order in which they are loaded. */
  #withRequired(entries: readonly ModuleEntry[]): ModuleEntry[] {
    const wanted = new Set(entries)
    for (const entry of this.#catalog.all().reverse()) {
      if (!wanted.has(entry)) continue
      for (const required of Object.keys(entry.found?.manifest.requires ?? {})) {
        const other = this.#catalog.find(required)
        if (other && !other.life && other.granted !== undefined) wanted.add(other)
      }
    }
    return this.#catalog.all().filter((entry) => wanted.has(entry))
  }

  async #orEndAll(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof LimberError) this.#strictFault = error
      for (const failure of await this.endAll(Date.now())) attachCause(error, failure)
      throw error
    }
  }
}
