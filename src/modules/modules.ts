/** @module The modules of an application: which there are, how they are, and their loading and unloading. */
import { WrongStateError } from '../application/errors.ts'
import { Scope } from '../application/scope.ts'
import { currentScope, leaveScopes } from '../container/resolution-frame.ts'
import type { ServiceScope } from '../container/service-scope.ts'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import type { Catalog } from './catalog.ts'
import { partFiles } from './code/part-files.ts'
import { describeModule } from './describe-module.ts'
import { ModuleBusyError, ModuleInUseError, ModuleNotLoadedError, ModuleRestartError } from './errors.ts'
import type { KnownModule } from './known-module.ts'
import type { Lives } from './life/lives.ts'
import type { ModuleRoom } from './life/module-room.ts'
import { isSection } from './life/own-database.ts'
import type { ModuleInfo } from './module-info.ts'
import type { ModuleName, ModuleOf } from './module-types.ts'
import { scopesFrom } from './scopes-from.ts'
import type { UpdateResult } from './update/module-update.ts'
import type { UpdateOptions } from './update/prepare-update.ts'
import type { WorkQueue } from './work-queue.ts'

/** How long what a module is doing may take to end when it is unloaded at run time. */
const UNLOAD_TIMEOUT = 10_000

/**
 * Tells of modules, gives the provider of one, and loads and unloads them while the application runs: one after the other,
 * whoever asks.
 *
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 * import type {} from 'limber/modules'
 *
 * await using app = await createApplication()
 * await app.boot()
 * for (const { name, state } of app.make('modules').list()) console.log(name, state)
 * await app.make('modules').reload('user-points')
 * ```
 */
export class Modules {
  readonly #room: ModuleRoom
  readonly #catalog: Catalog
  readonly #lives: Lives
  readonly #queue: WorkQueue

  constructor(room: ModuleRoom, catalog: Catalog, lives: Lives, queue: WorkQueue) {
    this.#room = room
    this.#catalog = catalog
    this.#lives = lives
    this.#queue = queue
  }

  /** Every module that was found, in the order in which they are loaded. */
  list(): ModuleInfo[] {
    return this.#catalog.all().map((module) => describeModule(this.#room, module))
  }

  /**
   * Gives the provider of a module that is loaded.
   *
   * @throws {ModuleNotFoundError} @throws {ModuleNotLoadedError}
   */
  get<const Name extends ModuleName>(name: Name): ModuleOf<Name> {
    const { state, reason, life } = this.#catalog.get(name)
    const provider = life?.draft?.provider
    if (state !== 'loaded' || !provider) throw new ModuleNotLoadedError(name, state, reason)
    // Whoever added the name to ModuleTypes said which class its provider is.
    return provider as ModuleOf<Name>
  }

  /**
   * Loads a module that was enabled, and is not loaded. Its folder may have come since the application started.
   *
   * @throws {ModuleNotFoundError} @throws {ModuleNotLoadedError} which says why
   * @throws {ModuleRestartError} for models in the database of the application
   * @throws {ModuleBusyError} in a hook of a module
   */
  async load(name: string): Promise<void> {
    await this.#exclusively(`modules.load("${name}")`, async (call) => {
      await this.#catalog.recover()
      await this.#catalog.refresh()
      const module = this.#catalog.get(name)
      if (module.life) return
      this.#refuseSection(module, call)
      await this.#lives.load(module)
    })
  }

  /**
   * Unloads a module: its parts end, then its hook is called, its connection closed and what it has bound removed.
   *
   * @throws {ModuleInUseError} when others require it, unless they are to be unloaded too
   * @throws {ModuleNotFoundError} @throws {ModuleRestartError} @throws {ModuleBusyError}
   */
  async unload(name: string, { cascade = false }: { readonly cascade?: boolean } = {}): Promise<void> {
    await this.#exclusively(`modules.unload("${name}")`, async (call, scope) => {
      const module = this.#catalog.get(name)
      const requirers = this.#catalog.requirersOf(name)
      const names = requirers.map((requirer) => requirer.name)
      if (requirers.length > 0 && !cascade) throw new ModuleInUseError(name, names)
      this.#checkEnd([module, ...requirers], call, scope)
      await this.#end([module, ...requirers], name)
    })
  }

  /**
   * Unloads a module with those that require it, reads its manifest again, and loads them all anew, with their new code.
   *
   * @throws {ModuleNotLoadedError} which says why; then the module stays failed, and those that require it do
   * @throws {ModuleNotFoundError} @throws {ModuleRestartError} @throws {ModuleBusyError}
   */
  async reload(name: string): Promise<void> {
    await this.#exclusively(`modules.reload("${name}")`, async (call, scope) => {
      const module = this.#catalog.get(name)
      const requirers = this.#catalog.requirersOf(name)
      this.#checkEnd([module, ...requirers], call, scope)
      const errors = await this.#lives.end([module, ...requirers], Date.now() + UNLOAD_TIMEOUT)
      await this.#catalog.recover()
      await this.#catalog.refresh()
      this.#refuseSection(this.#catalog.get(name), call)
      errors.push(...(await attemptAll([() => this.#lives.load(this.#catalog.get(name))])))
      await this.#lives.loadRequirers(requirers.map((requirer) => requirer.name))
      throwAll(errors, `${errors.length} errors while module "${name}" was reloaded.`)
    })
  }

  /**
   * Updates a module from a folder, a git repository or an archive, together with its database: all of it, or nothing. One
   * that is loaded is loaded again, with those that require it.
   *
   * @throws {ModuleNotFoundError} @throws {ModuleRestartError} @throws {ModuleBusyError}
   * @throws {ModuleSourceError} @throws {ModuleVersionError} @throws {ModuleNotReadyError} @throws {ModuleDependentsError}
   * @throws {ConsentNeededError} when the new version asks for more, and nobody consents
   * @throws {ModuleUpdateBusyError} when another process is at it
   * @throws {DumpProgramMissingError} when its database cannot be copied
   * @throws {ModuleUpdateFailedError} when it is as it was
   * @throws {ModuleRestoreError} when it is not
   */
  async update(name: string, source: string, options: UpdateOptions = {}): Promise<UpdateResult> {
    return this.#exclusively(`modules.update("${name}")`, async (call, scope) => {
      const module = this.#catalog.get(name)
      const requirers = this.#catalog.requirersOf(name)
      this.#checkEnd([module, ...requirers], call, scope)
      const { updateRunning } = await import('./update/update-running.ts')
      const request = { ...options, module: { name, folder: module.folder }, source }
      try {
        return await updateRunning(this.#room.app, request, {
          list: () => this.list(),
          load: () => this.#loadAgain(name),
          unload: () => this.#end([module, ...requirers], name),
        })
      } finally {
        await this.#catalog.refresh()
        await this.#lives.loadRequirers(requirers.map((requirer) => requirer.name))
      }
    })
  }

  async #loadAgain(name: string): Promise<void> {
    await this.#catalog.refresh()
    await this.#lives.load(this.#catalog.get(name))
  }

  async #end(modules: readonly KnownModule[], name: string): Promise<void> {
    const errors = await this.#lives.end(modules, Date.now() + UNLOAD_TIMEOUT)
    throwAll(errors, `${errors.length} errors while module "${name}" was unloaded.`)
  }

  /** Refuses an end that would wait for the work in which it was asked for. */
  #checkEnd(modules: readonly KnownModule[], call: string, scope: ServiceScope | undefined): void {
    const names: readonly unknown[] = modules.map(({ name }) => name)
    const own = scopesFrom(scope).find((each) => each instanceof Scope && names.includes(each.module))
    if (own instanceof Scope) throw new ModuleBusyError(call, own.title)
    for (const module of modules) this.#refuseSection(module, call)
  }

  /** Runs when every module has begun and nobody else loads or unloads, outside of the scope of whoever asks. */
  async #exclusively<T>(
    call: string,
    work: (call: string, scope: ServiceScope | undefined) => Promise<T>,
  ): Promise<T> {
    const scope = currentScope()
    const hook = scopesFrom(scope).find((each) => this.#room.hooks.has(each))
    if (hook instanceof Scope) throw new ModuleBusyError(call, hook.title)
    return leaveScopes(async () => {
      await this.#room.app.makeAsync('modules.start')
      return this.#queue.run(() => {
        if (!this.#lives.isClosing) return work(call, scope)
        throw new WrongStateError(call, 'stopping', 'Load and unload nothing after stop().')
      })
    })
  }

  /** The database of the application is open, and its models are known to it once and for all. */
  #refuseSection({ name, current, life }: KnownModule, call: string): void {
    if (!current || !isSection(current) || !this.#room.app.has('db')) return
    const models = life?.draft?.models ?? partFiles(current.folder, 'models')
    if (models.length > 0) throw new ModuleRestartError(name, call)
  }
}
