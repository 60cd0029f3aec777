/** @module Who owns handlers, the application or a module: where its updates are kept, and what goes on for it. */
import type { PartOwner } from '../../application/ports/module-part.ts'
import type { UpdateStore } from '../../application/ports/update-store.ts'
import { Underway } from './underway.ts'

export class UpdateOwner {
  /** The module; undefined for the application. */
  readonly part: PartOwner | undefined
  readonly store: UpdateStore
  readonly underway = new Underway()

  constructor(part: PartOwner | undefined, store: UpdateStore) {
    this.part = part
    this.store = store
  }

  get module(): string | undefined {
    return this.part?.name
  }
}
