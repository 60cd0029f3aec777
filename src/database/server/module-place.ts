/** @module What one kind of server adds for modules: where each has its tables, and how a connection goes there. */
import type { NamedTarget } from './server-target.ts'
import type { EnterPlaces, RunOnServer } from './shared-pool.ts'

export interface ModulePlaces {
  /** How many characters the name of a place may have. */
  readonly longest: number
  /** The name of the place of a module, and the target of its connection. */
  of(target: NamedTarget, module: string): { readonly place: string; readonly target: NamedTarget }
  /** Names it in messages: `the schema "module_shop"`. */
  title(place: string): string
  /** Whether it is there: undefined when it is not, and else whether the user may use it. */
  find(run: RunOnServer, place: string): Promise<boolean | undefined>
  create(place: string): string
  /** What an administrator runs to create it for a user, or to give the user the right to it. */
  grant(place: string, user: string | undefined, isThere: boolean): string
  /** Whether an error says that the user may not do this. */
  isRefused(error: Error): boolean
  readonly enter: EnterPlaces
}
