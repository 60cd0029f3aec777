/** @module The life of one module: imported, registered, booted, started, and ended in the reverse order. */
import { realpathSync } from 'node:fs'
import type { CommandClass } from '../../console/command.ts'
import { commandClassesOf } from '../../console/load-command.ts'
import { attemptAll } from '../../errors/attempt-all.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { loadStrings } from '../../strings/load-strings.ts'
import { binderOf } from '../binder.ts'
import { ModuleCode } from '../code/module-code.ts'
import { ModuleCallError, ModulePermissionError, ModuleSkippedError, ModuleStepError } from '../errors.ts'
import { checkPackages } from '../manifest/check-packages.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import type { ModuleDraft } from '../module-extension.ts'
import { facilitiesFor } from './facilities.ts'
import { importModule } from './import-module.ts'
import { addStandingParts, checkParts, ownerOf, partNamed } from './module-parts.ts'
import type { ModuleRoom } from './module-room.ts'
import { checkDatabaseParts, hasOwnDatabase, isSection } from './own-database.ts'
import { registerModule } from './register-module.ts'

type RemovePart = (deadline: number) => Promise<void>

export class ModuleLife {
  readonly found: FoundModule
  readonly #room: ModuleRoom
  readonly #code: ModuleCode
  readonly #partRemovals: RemovePart[] = []
  #draft: ModuleDraft | undefined
  #commands: readonly CommandClass[] = []
  #hasBegun = false

  constructor(room: ModuleRoom, found: FoundModule) {
    this.found = found
    this.#room = room
    this.#code = new ModuleCode({ folder: found.folder, root: room.app.root })
  }

  get name(): string {
    return this.found.manifest.name
  }

  get draft(): ModuleDraft | undefined {
    return this.#draft
  }

  get commands(): readonly CommandClass[] {
    return this.#commands
  }

  /** Imports the code, lets the base extensions alter it, and binds the services. Nothing is connected. */
  async register(): Promise<void> {
    const { app, access, config, connections } = this.#room
    const { manifest, folder } = this.found
    const isOff = hasOwnDatabase(this.found) && (await connections.findWhetherOff(this.name))
    if (isOff && manifest.permissions.includes('require_db')) {
      throw new ModuleSkippedError(this.name, this.found.placeOf('permissions', 'require_db'))
    }
    const [fault] = await checkPackages([this.found], app.root)
    if (fault) throw fault.error
    access.grant(this.name, manifest.permissions)
    const strings = await loadStrings(folder, manifest.language, app.root)
    const facilities = facilitiesFor(this.#room, this.found, strings)
    const draft = await this.#step('its import', () => importModule(app, this.found, this.#code, facilities))
    this.#draft = draft
    for (const Extension of config.extensions ?? []) {
      await this.#step(Extension.name, () => new Extension(app).extend(draft))
    }
    addStandingParts(app, draft)
    checkDatabaseParts(this.found, draft.models.length)
    checkParts(app, this.found, draft)
    await this.#step('its models', () => this.#checkModels(draft), 'models')
    const place = `commands of module ${this.name}`
    const commands = await Promise.all(draft.commands.map((entry) => commandClassesOf(entry, place)))
    this.#commands = commands.flat()
    await this.#step('register()', () => registerModule(app, this.found, draft.provider), 'provider')
  }

  async boot(): Promise<void> {
    await this.#hook('boot()', (draft) => draft.provider.boot())
  }

  /** Calls the hooks, opens and migrates the database, and adds the parts. */
  async start(): Promise<void> {
    await this.#hook('onInit()', (draft) => draft.provider.onInit())
    this.#hasBegun = true
    if (hasOwnDatabase(this.found) && !this.#room.connections.isOff(this.name)) {
      await this.#step('its database', () => this.#openDatabase())
      await this.#hook('onDatabaseReady()', (draft) => draft.provider.onDatabaseReady())
    }
    await this.#step('its services', () => this.#makeReady(), 'provider')
    const draft = this.#draft
    if (!draft) return
    const owner = ownerOf(this.#room, this.found, draft)
    for (const [name, files] of draft.parts) {
      const part = partNamed(this.#room.app, name)
      const remove = await this.#step(name, () => part?.add(owner, files), name)
      if (remove) this.#partRemovals.push(remove)
    }
  }

  /** Ends everything that has begun. Every step is tried; gives what they threw. */
  async end(deadline: number): Promise<unknown[]> {
    const { app, access, connections } = this.#room
    const parts = this.#partRemovals.splice(0).reverse()
    const errors = await attemptAll([
      ...parts.map((remove) => () => this.#step('the end of its parts', () => remove(deadline))),
      () => this.#unload(),
      () => connections.close(this.name),
      () => app.removeBoundBy(binderOf(this.name)),
      () => this.#forget(),
      () => access.withdraw(this.name),
    ])
    this.#draft = undefined
    this.#commands = []
    return errors
  }

  /** Those of a section would keep the database of the application from being opened, for everybody. */
  async #checkModels({ models }: ModuleDraft): Promise<void> {
    const { app } = this.#room
    if (!isSection(this.found) || models.length === 0 || !app.has('db')) return
    const known = [
      ...(app.config.find('app')?.models ?? []),
      ...app.tagged('models').flatMap((each) => each.models()),
    ]
    const { checkJoining } = await import('../../database/models/check-joining.ts')
    const others = known.filter((each) => !models.includes(each))
    await checkJoining(models, others, `the module "${this.name}"`)
  }

  /** Only what has been told of its beginning is told of its end. */
  async #unload(): Promise<void> {
    if (!this.#hasBegun) return
    this.#hasBegun = false
    await this.#hook('onUnload()', (draft) => draft.provider.onUnload())
  }

  /** Lets go of its code. The ORM keeps a list of every model that was ever decorated, also by code that failed then. */
  async #forget(): Promise<void> {
    const hasModels = this.#draft ? this.#draft.models.length > 0 : this.#code.files('models').length > 0
    this.#code.close()
    if (!hasModels) return
    const { forgetModelsIn } = await import('../../database/models/forget-models.ts')
    forgetModelsIn(realpathSync(this.found.folder))
  }

  /** Makes its asynchronous singletons: what fails there costs this module, and not the start of the application. */
  async #makeReady(): Promise<void> {
    const { app } = this.#room
    const own = app.list().filter(({ boundBy }) => boundBy === binderOf(this.name))
    await app.ready(own.flatMap(({ key, lifetime }) => (lifetime === 'singleton' ? [key] : [])))
  }

  async #openDatabase(): Promise<void> {
    const { connections } = this.#room
    const source = await connections.open(this.found, this.#draft?.models ?? [])
    await connections.migrate(source, this.#code)
  }

  /** Runs a hook as a unit of work on behalf of the module. */
  async #hook(name: string, run: (draft: ModuleDraft) => void | Promise<void>): Promise<void> {
    const { app, hooks } = this.#room
    const draft = this.#draft
    if (!draft) return
    const scope = app.openScope({ kind: 'module', label: `${this.name} ${name}`, module: this.name })
    hooks.add(scope)
    try {
      await this.#step(name, () => scope.run(() => run(draft)), 'provider')
    } finally {
      hooks.delete(scope)
    }
  }

  /**
   * Names the module, the step and the place in what goes wrong; errors of modules may name them already.
   *
   * @param part whose file is named where no line can be
   */
  async #step<T>(name: string, run: () => T | Promise<T>, part = name): Promise<T> {
    try {
      return await run()
    } catch (error) {
      const [file] = this.#code.files(part)
      const place = (await this.#code.placeOf(error)) ?? (file && this.#code.nameOf(file))
      if (namesModule(error)) throw error
      throw new ModuleStepError(this.name, name, error, place)
    }
  }
}

/** What a module asks for and may not have is told with the place where it asks. */
function namesModule(error: unknown): boolean {
  if (error instanceof ModulePermissionError || error instanceof ModuleCallError) return false
  return error instanceof LimberError && error.code.startsWith('LIMBER_MODULE_')
}
