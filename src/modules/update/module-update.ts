/** @module The update of a module: fetched, checked, copied, swapped, migrated; and undone where anything of that fails. */
import path from 'node:path'
import { checkDump } from '../../database/dumps/dump.ts'
import { lockFile } from '../../database/sqlite/file-lock.ts'
import { attemptAll } from '../../errors/attempt-all.ts'
import { ModuleRestoreError, ModuleUpdateBusyError, ModuleUpdateFailedError } from './errors.ts'
import { backUpModule, backupName } from './module-backups.ts'
import { type PreparedUpdate, prepareUpdate, type UpdateRequest } from './prepare-update.ts'
import { removeLeftovers, swapFolders } from './swap-folders.ts'
import { finishUpdate, undoUpdate } from './undo-update.ts'
import type { UpdateHost } from './update-host.ts'
import { UpdateJournal, type UpdateRecord } from './update-journal.ts'
import { placesOf, type UpdatePlaces } from './update-places.ts'

export interface UpdateResult {
  readonly module: string
  readonly from: string
  readonly to: string
  /** What was consented to in addition. */
  readonly permissions: readonly string[]
  readonly migrations: readonly string[]
  /** The folder with the copies of code and database; undefined when nothing was done. */
  readonly backup: string | undefined
  readonly dryRun: boolean
}

export class ModuleUpdate {
  readonly #host: UpdateHost

  constructor(host: UpdateHost) {
    this.#host = host
  }

  /**
   * Updates a module, or leaves it as it is.
   *
   * @throws {ModuleSourceError} @throws {ModuleVersionError} @throws {ModuleNotReadyError} @throws {ModuleDependentsError}
   * @throws {ConsentNeededError} when the new version asks for more, and nobody consents
   * @throws {ModuleUpdateBusyError} when another process is at it
   * @throws {DumpProgramMissingError} when its database cannot be copied
   * @throws {ModuleUpdateFailedError} when it is as it was
   * @throws {ModuleRestoreError} when it is not
   */
  async run(request: UpdateRequest): Promise<UpdateResult> {
    const { name, folder } = request.module
    const places = placesOf(this.#host.storage, name, folder)
    const lock = await lockFile(places.lock)
    if (typeof lock === 'string') throw new ModuleUpdateBusyError(name, lock)
    try {
      return await this.#runLocked(request, places)
    } finally {
      await lock.release()
    }
  }

  async #runLocked(request: UpdateRequest, places: UpdatePlaces): Promise<UpdateResult> {
    const { say = () => undefined } = request
    removeLeftovers(places)
    try {
      const prepared = await prepareUpdate(this.#host, request, places)
      const { from, to, added } = prepared
      const result = {
        module: request.module.name,
        from,
        to,
        permissions: added,
        dryRun: request.dryRun ?? false,
      }
      if (request.dryRun) return { ...result, migrations: [], backup: undefined }
      const backup = path.join(places.backups, backupName(from))
      const migrations = await this.#replace(prepared, { ...request, say }, places, backup)
      return { ...result, migrations, backup }
    } finally {
      // Behind a restore that failed, what is left is what the next start needs.
      if (!new UpdateJournal(places.journal).read()) removeLeftovers(places)
    }
  }

  async #replace(
    prepared: PreparedUpdate,
    { module: { name, folder }, say }: UpdateRequest & { say: (line: string) => void },
    places: UpdatePlaces,
    backup: string,
  ): Promise<readonly string[]> {
    const host = this.#host
    const { from, to } = prepared
    const driver = prepared.hasDatabase ? await host.driverOf(name) : undefined
    const database = driver && { driver, root: host.root }
    if (database) await checkDump(database)
    const journal = new UpdateJournal(places.journal)
    const wasLoaded = host.isLoaded(name)
    let doing = 'unloading'
    let record: UpdateRecord = journal.write({
      module: name,
      phase: 'preparing',
      folder,
      from,
      backup,
      ...before(prepared),
    })
    const advance = (facts: Partial<UpdateRecord>) => {
      record = journal.write({ ...record, ...facts })
    }
    const step = (verb: string, line: string) => {
      doing = verb
      say(line)
    }
    try {
      if (wasLoaded) {
        step('unloading', `Unloading ${name}.`)
        await host.unload(name)
      }
      step(
        'copying',
        `Copying code${database ? ' and database' : ''} to ${path.relative(host.root, backup)}.`,
      )
      const dump = await backUpModule(folder, database, backup)
      step('replacing the code', `Replacing the code of ${from} by ${to}.`)
      advance({ phase: 'swapping', ...(dump ? { dump } : {}) })
      swapFolders(folder, places)
      step('migrating', 'Migrating.')
      advance({ phase: 'migrating' })
      const migrations = database ? await host.migrate({ ...prepared.next, folder }) : []
      for (const migration of migrations) say(`Applied ${migration}.`)
      if (prepared.consented) await host.enabled.set(name, prepared.consented)
      if (wasLoaded) {
        step('loading', `Loading ${name}.`)
        await host.load(name)
      }
      advance({ phase: 'done' })
      step('tidying up', `Updated ${name} from ${from} to ${to}.`)
      finishUpdate(host, journal, record)
      return migrations
    } catch (error) {
      // What is done stays done: the next start takes the leftovers away.
      if (record.phase === 'done') throw error
      throw await this.#undo(journal, record, { wasLoaded, doing, to, say }, error)
    }
  }

  /** Gives the error to throw. */
  async #undo(
    journal: UpdateJournal,
    record: UpdateRecord,
    {
      wasLoaded,
      doing,
      to,
      say,
    }: { wasLoaded: boolean; doing: string; to: string; say: (line: string) => void },
    failure: unknown,
  ): Promise<Error> {
    const host = this.#host
    const { module, from, backup } = record
    say(`Failed while ${doing}; putting ${from} back.`)
    const errors = await attemptAll([
      async () => {
        if (host.isLoaded(module)) await host.unload(module)
        await undoUpdate(host, journal, record)
      },
    ])
    if (errors.length === 0 && wasLoaded) errors.push(...(await attemptAll([() => host.load(module)])))
    const failed = new ModuleUpdateFailedError(module, { from, to, doing }, failure)
    if (errors.length === 0) return failed
    const [error] = errors
    const cause = new AggregateError([failed, ...errors], `${String(error)}`)
    return error instanceof ModuleRestoreError ? new ModuleRestoreError(module, from, backup, cause) : cause
  }
}

function before({ before }: PreparedUpdate): Pick<UpdateRecord, 'before'> {
  return before ? { before } : {}
}
