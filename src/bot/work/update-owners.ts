/** @module The application and the modules whose handlers a bot has. */
import type { UpdateStore } from '../../application/ports/update-store.ts'
import type { UpdateOwner } from './update-owner.ts'

export class UpdateOwners {
  readonly #modules = new Map<string, UpdateOwner>()
  #application: UpdateOwner | undefined

  set(owner: UpdateOwner): void {
    if (owner.module === undefined) this.#application = owner
    else this.#modules.set(owner.module, owner)
  }

  /** Another one of that name may have taken its place already. */
  remove(owner: UpdateOwner): void {
    const { module } = owner
    if (module !== undefined && this.#modules.get(module) === owner) this.#modules.delete(module)
  }

  /** @param module undefined is the application */
  find(module: string | undefined): UpdateOwner | undefined {
    return module === undefined ? this.#application : this.#modules.get(module)
  }

  /** The application comes first. */
  all(): readonly UpdateOwner[] {
    const application = this.#application ? [this.#application] : []
    return [...application, ...this.#modules.values()]
  }

  /** One owner for each store: those on one connection share it. */
  byStore(): ReadonlyMap<UpdateStore, UpdateOwner> {
    const found = new Map<UpdateStore, UpdateOwner>()
    for (const owner of this.all()) if (!found.has(owner.store)) found.set(owner.store, owner)
    return found
  }
}
