/** @module Brings modules to life and ends them, in order; one that fails costs only those that require it. */
import { attachCause } from '../../errors/attempt-all.ts'
import { LimberError } from '../../errors/limber-error.ts'
import type { Catalog } from '../catalog.ts'
import { ModuleNotLoadedError, ModuleSkippedError, ModuleStepError, RequiredModuleError } from '../errors.ts'
import type { KnownModule } from '../known-module.ts'
import { unknownNames } from '../unknown-names.ts'
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
      const names = this.#catalog.all().map(({ name }) => name)
      for (const line of unknownNames(this.#room.config, names)) this.#room.app.make('log').warn(line)
      const wanted = this.#withRequired(
        this.#catalog.all().filter(({ found, state }) => state === 'unloaded' && found?.manifest.autoLoad),
      )
      for (const module of wanted) await this.#register(module)
      for (const module of wanted) await this.#go(module, (life) => life.boot())
    })
  }

  /** Starts everything that was registered. */
  async begin(): Promise<void> {
    if (this.#strictFault) throw this.#strictFault
    await this.#orEndAll(async () => {
      for (const module of this.#catalog.all()) if (!this.#isClosing) await this.#start(module)
    })
  }

  /**
   * Brings one to life, with those that it requires.
   *
   * @throws {ModuleNotLoadedError}
   */
  async load(module: KnownModule): Promise<void> {
    if (module.state !== 'available') {
      for (const each of this.#withRequired([module])) await this.#wholly(each)
    }
    if (module.state !== 'loaded') throw new ModuleNotLoadedError(module.name, module.state, module.reason)
  }

  /** Brings those to life that require one which is there again; what fails on the way is logged and kept. */
  async loadRequirers(names: readonly string[]): Promise<void> {
    for (const module of this.#catalog.all()) {
      const isRequirer = names.includes(module.name) || module.reason instanceof RequiredModuleError
      if (isRequirer && module.granted !== undefined) await this.#wholly(module)
    }
  }

  /** Ends these, the last loaded first, and gives what went wrong. */
  async end(modules: readonly KnownModule[], deadline: number): Promise<unknown[]> {
    const errors: unknown[] = []
    const order = this.#catalog.all()
    for (const module of modules.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))) {
      if (!module.life) continue
      errors.push(...(await module.life.end(deadline)))
      module.end()
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

  async #wholly(module: KnownModule): Promise<void> {
    if (module.life) return
    await this.#register(module, false)
    await this.#go(module, (life) => life.boot(), false)
    await this.#start(module, false)
  }

  async #register(module: KnownModule, canStop = true): Promise<void> {
    const { found } = module
    if (!found || module.granted === undefined || module.obstacle) return
    module.begin(new ModuleLife(this.#room, found))
    const work: Work = (life) => {
      this.#requireOthers(module, ({ life: other }) => other !== undefined)
      return life.register()
    }
    await this.#go(module, work, canStop)
  }

  async #start(module: KnownModule, canStop = true): Promise<void> {
    const work: Work = async (life) => {
      this.#requireOthers(module, ({ state }) => state === 'loaded')
      await life.start()
      module.load()
    }
    await this.#go(module, work, canStop)
  }

  /** Does the next step of a life; a failure is the end of that life, and of none else. */
  async #go(module: KnownModule, work: Work, canStop = true): Promise<void> {
    const { life, name } = module
    if (!life) return
    try {
      await work(life)
    } catch (error) {
      const reason = error instanceof LimberError ? error : new ModuleStepError(name, 'its loading', error)
      for (const failure of await life.end(Date.now())) attachCause(reason, failure)
      module.fail(reason)
      this.#report(name, reason, canStop)
    }
  }

  #report(name: string, reason: LimberError, canStop = true): void {
    const isStrict = this.#room.app.config.find('app')?.strictModules === true
    if (isStrict && canStop && !(reason instanceof ModuleSkippedError)) throw reason
    this.#room.app.make('log').warn({ err: reason, module: name }, reason.message)
  }

  /** @throws {RequiredModuleError} */
  #requireOthers({ name, found }: KnownModule, isThere: (module: KnownModule) => boolean): void {
    for (const required of Object.keys(found?.manifest.requires ?? {})) {
      const other = this.#catalog.find(required)
      if (other && isThere(other)) continue
      throw new RequiredModuleError(name, required, other?.state ?? 'missing', other?.reason)
    }
  }

  /** These with all that they require and that is enabled, in the order in which they are loaded. */
  #withRequired(modules: readonly KnownModule[]): KnownModule[] {
    const wanted = new Set(modules)
    for (const module of this.#catalog.all().reverse()) {
      if (!wanted.has(module)) continue
      for (const required of Object.keys(module.found?.manifest.requires ?? {})) {
        const other = this.#catalog.find(required)
        if (other && !other.life && other.granted !== undefined) wanted.add(other)
      }
    }
    return this.#catalog.all().filter((module) => wanted.has(module))
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
