/** @module The modules that there are, in the order in which they are loaded, and how each of them is. */
import path from 'node:path'
import type { Application } from '../application/application.ts'
import type { LimberError } from '../errors/limber-error.ts'
import { consentTo } from './consent.ts'
import { ModuleNotFoundError } from './errors.ts'
import type { ModuleLife } from './life/module-life.ts'
import { discoverModules, type ModuleFault } from './manifest/discover-modules.ts'
import type { FoundModule } from './manifest/manifest.ts'
import { orderModules } from './manifest/order-modules.ts'
import { requirersOf } from './manifest/requirements.ts'
import type { ModuleState } from './module-info.ts'
import type { EnabledModules } from './state/enabled-modules.ts'
import { storageOf } from './storage.ts'
import { unfinishedUpdates } from './update/update-journal.ts'

export class ModuleEntry {
  readonly name: string
  folder: string
  /** Undefined for one whose manifest cannot be used. */
  found: FoundModule | undefined
  state: ModuleState = 'available'
  reason: LimberError | undefined
  granted: readonly string[] | undefined
  /** What was wrong with it when its manifest was last read: it is not brought to life. */
  obstacle: LimberError | undefined
  /** From its registration to its end. */
  life: ModuleLife | undefined

  constructor(name: string, folder: string) {
    this.name = name
    this.folder = folder
  }
}

/** What a look at the folders has found, and what was known before it. */
interface Sight {
  readonly found: readonly FoundModule[]
  readonly before: ReadonlyMap<string, ModuleEntry>
}

export class Catalog {
  readonly #app: Application
  readonly #enabled: EnabledModules
  #entries = new Map<string, ModuleEntry>()
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
    const app = this.#app.config.find('app')
    const { found, faults } = await discoverModules(this.#app.root, app?.modules ?? [])
    const sorted = await orderModules(found, faults)
    const before = this.#entries
    this.#entries = new Map()
    for (const module of sorted.ordered) this.#take(module, before.get(module.manifest.name))
    for (const fault of [...sorted.faults, ...faults]) this.#takeFault(fault, { found, before })
    for (const entry of before.values()) {
      if (entry.life && !this.#entries.has(entry.name)) this.#entries.set(entry.name, entry)
    }
  }

  all(): ModuleEntry[] {
    return [...this.#entries.values()]
  }

  find(name: string): ModuleEntry | undefined {
    return this.#entries.get(name)
  }

  /** @throws {ModuleNotFoundError} */
  get(name: string): ModuleEntry {
    const entry = this.#entries.get(name)
    if (!entry) throw new ModuleNotFoundError(name, [...this.#entries.keys()])
    return entry
  }

  /** The modules that require one and live, directly or not, in the order in which they are loaded. */
  requirersOf(name: string): ModuleEntry[] {
    const living = this.all().flatMap(({ life }) => (life ? [life.found] : []))
    const names = requirersOf(name, living).map(({ manifest }) => manifest.name)
    return this.all().filter((entry) => names.includes(entry.name))
  }

  #take(found: FoundModule, known: ModuleEntry | undefined): void {
    const { name } = found.manifest
    const { granted, refusal } = consentTo(found, this.#enabled)
    const obstacle = this.#unended.get(name) ?? refusal
    this.#update(known ?? new ModuleEntry(name, found.folder), found, granted, obstacle)
  }

  #takeFault({ error, ...fault }: ModuleFault, sight: Sight): void {
    const folder = path.resolve(this.#app.root, fault.folder)
    const found = sight.found.find((module) => module.folder === folder)
    const granted = found && consentTo(found, this.#enabled).granted
    // Of two modules of one name the first one keeps it.
    const { name: said = path.basename(folder) } = fault
    const name = this.#entries.has(said) ? path.basename(folder) : said
    this.#update(sight.before.get(name) ?? new ModuleEntry(name, folder), found, granted, error)
  }

  #update(
    entry: ModuleEntry,
    found: FoundModule | undefined,
    granted: readonly string[] | undefined,
    obstacle: LimberError | undefined,
  ): void {
    this.#entries.set(entry.name, entry)
    if (entry.life) return
    if (found) Object.assign(entry, { found, folder: found.folder })
    const isWaiting = found !== undefined && granted === undefined
    if (obstacle) Object.assign(entry, { state: isWaiting ? 'available' : 'failed', reason: obstacle })
    else if (isWaiting) Object.assign(entry, { state: 'available', reason: undefined })
    else if (entry.obstacle || entry.state === 'available') {
      Object.assign(entry, { state: 'unloaded', reason: undefined })
    }
    Object.assign(entry, { granted, obstacle })
  }
}
