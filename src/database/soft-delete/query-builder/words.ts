/** @module The words of a query builder: what it sees of the trash, and whether it deletes for good. */
import type { AnyQueryBuilder } from '@mikro-orm/sql'
import { deletes } from '../../sessions/builder-statement.ts'
import type { TrashMode } from '../trash-options.ts'
import { ambientTrashMode } from '../trash-scope.ts'

/** What the query builders of a session understand of the trash. */
export interface TrashWords {
  /** Also gives rows that were soft-deleted, of every model in the query. Subqueries say it themselves. */
  withTrashed(): this
  /** Gives nothing but rows that were soft-deleted; what is joined to them may be either. */
  onlyTrashed(): this
  /** Lets `delete()` and `truncate()` delete for good, also what is in the trash already. */
  force(): this
}

declare module '@mikro-orm/sql' {
  // The type parameters are those of the class that this declaration is merged with.
  interface QueryBuilder<
    Entity extends object,
    RootAlias extends string,
    Hint extends string,
    Context extends object,
    RawAliases extends string,
    Fields extends string,
    CTEs extends Record<string, object>,
  > extends TrashWords {}
}

export interface Words {
  readonly mode: TrashMode | undefined
  readonly force: boolean
  /** What applies while nothing is said. */
  readonly ambient: TrashMode
}

/** Those of a new builder: it belongs to where it was made. */
export function unsaid(): Words {
  return { mode: undefined, force: false, ambient: ambientTrashMode() }
}

/** What the query sees of the rows that it is about. */
export function ownMode(builder: AnyQueryBuilder, { mode, force, ambient }: Words): TrashMode {
  return mode ?? (force && deletes(builder) ? 'with' : ambient)
}

/** What the query sees of the rows that it joins. */
export function joinedMode(builder: AnyQueryBuilder, words: Words): TrashMode {
  // What is in the trash may have taken with it what it refers to.
  return ownMode(builder, words) === 'without' ? 'without' : 'with'
}
