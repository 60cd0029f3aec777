/** @module An update with the handler that takes it. */
import type { UpdateKey } from '../../application/ports/update-store.ts'
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import type { ReadUpdate } from '../updates/read-update.ts'
import type { UpdateOwner } from './update-owner.ts'

export interface UpdateJob {
  readonly read: ReadUpdate
  readonly key: UpdateKey
  readonly handler: RegisteredHandler
  /** Whose the handler is. */
  readonly owner: UpdateOwner
  /** What it is in the log: `message /create_profile`. */
  readonly label: string
}
