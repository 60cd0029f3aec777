/** @module Who may use what: the permissions of the modules that live, and the check of everything that runs for one. */
import type { Application } from '../../application/application.ts'
import { keyName } from '../../container/services.ts'
import { binderOf, moduleOfBinder } from '../binder.ts'
import { ModulePermissionError } from '../errors.ts'
import { permissionsFor } from './guarded-keys.ts'
import type { Permission } from './permission.ts'

type Path = () => readonly string[]

export class ModuleAccess {
  readonly #app: Application
  readonly #permissions = new Map<string, readonly Permission[]>()
  #isWatching = false

  constructor(app: Application) {
    this.#app = app
  }

  grant(module: string, permissions: readonly Permission[]): void {
    this.#permissions.set(module, permissions)
    // An application without modules pays nothing.
    if (!this.#isWatching) this.#watch()
    this.#isWatching = true
  }

  /** What still runs for a module that is gone may use nothing that is guarded. */
  withdraw(module: string): void {
    this.#permissions.delete(module)
  }

  may(module: string, key: unknown): boolean {
    const needed = permissionsFor(key, module)
    const has = this.#permissions.get(module) ?? []
    return needed === undefined || needed.some((permission) => has.includes(permission))
  }

  /** @throws {ModulePermissionError} */
  check(module: string, key: unknown, path: Path = () => [binderOf(module), keyName(key)]): void {
    if (this.may(module, key)) return
    throw new ModulePermissionError(module, String(key), permissionsFor(key, module) ?? [], path())
  }

  /** Checks whatever is asked for in a scope that was opened on behalf of a module, and for a service that it has bound. */
  #watch(): void {
    this.#app.guard((key, path, maker) => {
      const module = this.#app.currentScope()?.module
      if (module !== undefined) this.check(module, key, path)
      // Singletons are made outside of scopes, and others may be the first to ask for them.
      const owner = moduleOfBinder(maker())
      if (owner !== undefined && owner !== module) this.check(owner, key, path)
    })
  }
}
