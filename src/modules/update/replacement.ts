/** @module One replacement of a module by what was fetched: step by step, and back again where a step fails. */
import path from 'node:path'
import { checkDump } from '../../database/dumps/dump.ts'
import type { DumpTarget } from '../../database/dumps/dump-target.ts'
import { attemptAll } from '../../errors/attempt-all.ts'
import { ModuleRestoreError, ModuleUpdateFailedError } from './errors.ts'
import { backUpModule } from './module-backups.ts'
import type { PreparedUpdate } from './prepare-update.ts'
import { swapFolders } from './swap-folders.ts'
import { finishUpdate, undoUpdate } from './undo-update.ts'
import type { UpdateHost } from './update-host.ts'
import type { UpdateJournal, UpdateRecord } from './update-journal.ts'
import type { UpdatePlaces } from './update-places.ts'

export interface ReplacementFacts {
  readonly host: UpdateHost
  readonly journal: UpdateJournal
  readonly places: UpdatePlaces
  readonly prepared: PreparedUpdate
  /** The folder of the module, absolute. */
  readonly folder: string
  /** Where the copies go, absolute. */
  readonly backup: string
  readonly say: (line: string) => void
}

export class Replacement {
  readonly #facts: ReplacementFacts
  readonly #name: string
  readonly #wasLoaded: boolean
  #doing = 'unloading'
  #record: UpdateRecord

  constructor(facts: ReplacementFacts) {
    const { host, prepared, folder, backup } = facts
    const { from, next, before } = prepared
    this.#facts = facts
    this.#name = next.manifest.name
    this.#wasLoaded = host.isLoaded(this.#name)
    const beginning = { module: this.#name, phase: 'preparing', folder, from, backup } as const
    this.#record = before ? { ...beginning, before } : beginning
  }

  /** Gives the migrations that were applied. */
  async run(): Promise<readonly string[]> {
    const { host, prepared, journal } = this.#facts
    const driver = prepared.hasDatabase ? await host.driverOf(this.#name) : undefined
    const database = driver && { driver, root: host.root }
    if (database) await checkDump(database)
    this.#advance({})
    try {
      await this.#copy(database)
      const migrations = await this.#replace(database !== undefined)
      this.#advance({ phase: 'done' })
      this.#begin('tidying up', `Updated ${this.#name} from ${prepared.from} to ${prepared.to}.`)
      finishUpdate(host, journal, this.#record)
      return migrations
    } catch (error) {
      // What is done stays done: the next start takes the leftovers away.
      throw this.#record.phase === 'done' ? error : await this.#undo(error)
    }
  }

  /** Nothing of the module runs any more when it is copied: what it wrote later would be lost with a restore. */
  async #copy(database: DumpTarget | undefined): Promise<void> {
    const { host, folder, backup } = this.#facts
    if (this.#wasLoaded) {
      this.#begin('unloading', `Unloading ${this.#name}.`)
      await host.unload(this.#name)
    }
    const place = path.relative(host.root, backup)
    this.#begin('copying', `Copying code${database ? ' and database' : ''} to ${place}.`)
    const dump = await backUpModule(folder, database, backup)
    this.#advance({ phase: 'swapping', ...(dump ? { dump } : {}) })
  }

  async #replace(hasDatabase: boolean): Promise<readonly string[]> {
    const { host, prepared, folder, places, say } = this.#facts
    const { from, to, next, consented } = prepared
    this.#begin('replacing the code', `Replacing the code of ${from} by ${to}.`)
    swapFolders(folder, places)
    this.#begin('migrating', 'Migrating.')
    this.#advance({ phase: 'migrating' })
    const migrations = hasDatabase ? await host.migrate({ ...next, folder }) : []
    for (const migration of migrations) say(`Applied ${migration}.`)
    if (consented) await host.enabled.set(this.#name, consented)
    if (this.#wasLoaded) {
      this.#begin('loading', `Loading ${this.#name}.`)
      await host.load(this.#name)
    }
    return migrations
  }

  /** Gives the error to throw. */
  async #undo(failure: unknown): Promise<Error> {
    const { host, journal, prepared, backup, say } = this.#facts
    const { from, to } = prepared
    const failed = new ModuleUpdateFailedError(this.#name, { from, to, doing: this.#doing }, failure)
    say(`Failed while ${this.#doing}; putting ${from} back.`)
    const restore = async () => {
      if (host.isLoaded(this.#name)) await host.unload(this.#name)
      await undoUpdate(host, journal, this.#record)
    }
    const [error] = await attemptAll([restore])
    if (error !== undefined) {
      const cause = error instanceof ModuleRestoreError ? error.cause : error
      const both = new AggregateError([failed, cause], String(cause))
      return new ModuleRestoreError(this.#name, from, backup, both)
    }
    const [unloadable] = this.#wasLoaded ? await attemptAll([() => host.load(this.#name)]) : []
    if (unloadable === undefined) return failed
    return new AggregateError(
      [failed, unloadable],
      `${failed.message} It is as it was, and cannot be loaded.`,
    )
  }

  #begin(doing: string, line: string): void {
    this.#doing = doing
    this.#facts.say(line)
  }

  #advance(facts: Partial<UpdateRecord>): void {
    this.#record = this.#facts.journal.write({ ...this.#record, ...facts })
  }
}
