/** @module The modules that there are, in the order in which they are loaded, and how each of them is. */
import path from 'node:path'
import type { Application } from '../application/application.ts'
import type { LimberError } from '../errors/limber-error.ts'
import { consentTo } from './consent.ts'
import { ModuleNotFoundError } from './errors.ts'
import { KnownModule, type Sighting } from './known-module.ts'
import { discoverIn, type ModuleFault } from './manifest/discover-modules.ts'
import type { FoundModule } from './manifest/manifest.ts'
import { orderModules } from './manifest/order-modules.ts'
import { requirersOf } from './manifest/requirements.ts'
import type { EnabledModules } from './state/enabled-modules.ts'
import { storageOf } from './storage.ts'
import { unfinishedUpdates } from './update/update-journal.ts'

/** What a look at the folders has found, and what was known before it. */
interface Look {
  readonly all: readonly FoundModule[]
  readonly before: ReadonlyMap<string, KnownModule>
}

export class Catalog {
  readonly #app: Application
  readonly #enabled: EnabledModules
  #modules = new Map<string, KnownModule>()
  #unended: ReadonlyMap<string, LimberError> = new Map()

  constructor(app: Application, enabled: EnabledModules) {
    this.#app = app
    this.#enabled = enabled
  }

  /** Ends updates that were killed, before any code or database of their modules is opened. */
  async recover(): Promise<void> {
    this.#unended = new Map()
    if (unfinishedUpdates(storageOf(this.#app)).length === 0) return
    const { unendedUpdates } = await import('./update/unended-updates.ts')
    this.#unended = await unendedUpdates(this.#app)
  }

  /** Looks again at every manifest and at what was consented to; what lives is left as it is. */
  async refresh(): Promise<void> {
    const { found, faults } = await discoverIn(this.#app)
    const sorted = await orderModules(found, faults)
    const before = this.#modules
    this.#modules = new Map()
    for (const module of sorted.ordered) this.#take(module, before.get(module.manifest.name))
    for (const fault of [...sorted.faults, ...faults]) this.#takeFault(fault, { all: found, before })
    for (const module of before.values()) {
      if (module.life && !this.#modules.has(module.name)) this.#modules.set(module.name, module)
    }
  }

  all(): KnownModule[] {
    return [...this.#modules.values()]
  }

  find(name: string): KnownModule | undefined {
    return this.#modules.get(name)
  }

  /** @throws {ModuleNotFoundError} */
  get(name: string): KnownModule {
    const module = this.#modules.get(name)
    if (!module) throw new ModuleNotFoundError(name, [...this.#modules.keys()])
    return module
  }

  /** The modules that require one and live, directly or not, in the order in which they are loaded. */
  requirersOf(name: string): KnownModule[] {
    const living = this.all().flatMap(({ life }) => (life ? [life.found] : []))
    const names = requirersOf(name, living).map(({ manifest }) => manifest.name)
    return this.all().filter((module) => names.includes(module.name))
  }

  #take(found: FoundModule, known: KnownModule | undefined): void {
    const { name } = found.manifest
    const { granted, refusal } = consentTo(found, this.#enabled)
    const obstacle = this.#unended.get(name) ?? refusal
    this.#note(known ?? new KnownModule(name, found.folder), { found, granted, obstacle })
  }

  #takeFault({ error: obstacle, ...fault }: ModuleFault, { all, before }: Look): void {
    const folder = path.resolve(this.#app.root, fault.folder)
    const found = all.find((module) => module.folder === folder)
    const granted = found && consentTo(found, this.#enabled).granted
    // Of two modules of one name the first one keeps it.
    const { name: said = path.basename(folder) } = fault
    const name = this.#modules.has(said) ? path.basename(folder) : said
    this.#note(before.get(name) ?? new KnownModule(name, folder), { found, granted, obstacle })
  }

  #note(module: KnownModule, sighting: Sighting): void {
    this.#modules.set(module.name, module)
    module.see(sighting)
  }
}
