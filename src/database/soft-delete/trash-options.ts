/** @module The words that say, per query, whether deleted rows are seen, and how they travel to everything it loads. */
import { ambientTrashMode, type TrashMode } from './trash-scope.ts'

export type { TrashMode } from './trash-scope.ts'

export interface TrashOptions {
  /** Also gives rows that were soft-deleted; false leaves them out inside `withTrashed()` as well. */
  readonly withTrashed?: boolean
  /** Gives nothing but rows that were soft-deleted; what is populated with them is given from the trash and from outside. */
  readonly onlyTrashed?: boolean
}

declare module '@mikro-orm/core' {
  // The type parameters are those of the interfaces that these declarations are merged with.
  interface FindOptions<Entity, Hint extends string, Fields extends string, Excludes extends string>
    extends TrashOptions {}
  interface CountOptions<T extends object, P extends string> extends TrashOptions {}
  interface EntityLoaderOptions<Entity, Fields extends string, Excludes extends string>
    extends TrashOptions {}
  interface ReferenceOptions<Owner, Target> {
    /** Also gives the target when it is in the trash, so that it shows where it is populated. */
    withTrashed?: boolean
  }
}

/** Under this name the words travel with the filters, which the ORM hands on to every query that loads a relation. */
const SOFT_DELETE_FILTER = 'softDelete'

/** Filters with this in front of their name are none: they say through which relation a row is read. */
const THROUGH = 'softDelete through '

interface TrashFilter {
  readonly mode?: TrashMode
  /** The caller has switched every filter off, which does not mean this one. */
  readonly others?: false
}

interface ReadOptions extends TrashOptions {
  filters?: unknown
}

/** Which rows of the model these options ask for. */
export function trashMode(options: ReadOptions): TrashMode {
  return explicitMode(options) ?? modeOf(options.filters)
}

/** Writes the words into the filters, where also queries of relations find them; other filters stay as they are. */
export function withTrashFilter<O extends ReadOptions>(options: O): O {
  const { filters } = options
  const mode = explicitMode(options) ?? filterOf(filters).mode ?? ambientOrNone(filters)
  if (mode === undefined && filters !== false) return options
  const word = {
    ...filterOf(filters),
    ...(mode ? { mode } : {}),
    ...(filters === false ? { others: false } : {}),
  }
  return { ...options, filters: { ...named(filters), [SOFT_DELETE_FILTER]: word } }
}

/** Which rows these filters ask for: of the model of a query, or of the relation through which it is read. */
export function modeOf(filters: unknown): TrashMode {
  const relation = relationOf(filters)
  const explicit = filterOf(filters).mode
  if (relation === undefined) return explicit ?? ambientTrashMode()
  const mode = explicit ?? (relation ? 'with' : ambientTrashMode())
  // `onlyTrashed` speaks of the model that is asked for: a book in the trash is shown with its author, wherever that is.
  return mode === 'only' ? 'with' : mode
}

/** The filters of the application, as the ORM takes them. */
export function otherFilters(filters: unknown): Record<string, unknown> | false {
  if (filters === false || filterOf(filters).others === false) return false
  return Object.fromEntries(
    Object.entries(named(filters)).filter(
      ([name]) => name !== SOFT_DELETE_FILTER && !name.startsWith(THROUGH),
    ),
  )
}

/**
 * The filters of a relation, which say to every query that reads through it that it does. The ORM puts those of the
 * innermost relation first.
 */
export function relationFilters(
  name: string,
  filters: unknown,
  showsTrash: boolean,
): Record<string, unknown> {
  const word = filters === false ? { [SOFT_DELETE_FILTER]: { others: false } } : {}
  return { [THROUGH + name]: showsTrash, ...named(filters), ...word }
}

function explicitMode({ onlyTrashed, withTrashed }: TrashOptions): TrashMode | undefined {
  if (onlyTrashed) return 'only'
  if (withTrashed === undefined) return undefined
  return withTrashed ? 'with' : 'without'
}

/** What a scope says is written down while the scope is there: the query may run when it is over. */
function ambientOrNone(filters: unknown): TrashMode | undefined {
  const mode = ambientTrashMode()
  return mode === 'without' || relationOf(filters) ? undefined : mode
}

/** @returns whether the innermost relation shows the trash; undefined when no relation is read */
function relationOf(filters: unknown): boolean | undefined {
  const through = Object.entries(named(filters)).find(([name]) => name.startsWith(THROUGH))
  return through ? through[1] === true : undefined
}

function filterOf(filters: unknown): TrashFilter {
  const word = named(filters)[SOFT_DELETE_FILTER]
  // To switch it off by its own name is another way to say `withTrashed`.
  if (word === false) return { mode: 'with' }
  return typeof word === 'object' && word !== null ? word : {}
}

/** The ORM takes a list of names as well. */
function named(filters: unknown): Record<string, unknown> {
  if (Array.isArray(filters)) return Object.fromEntries(filters.map((name) => [String(name), true]))
  return typeof filters === 'object' && filters !== null ? { ...filters } : {}
}
