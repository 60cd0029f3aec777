/** @module The words that say, per query, whether deleted rows are seen. */

export interface TrashOptions {
  /** Also gives rows that were soft-deleted. */
  readonly withTrashed?: boolean
  /** Gives nothing but rows that were soft-deleted. */
  readonly onlyTrashed?: boolean
}

declare module '@mikro-orm/core' {
  // The type parameters are those of the interfaces that these declarations are merged with.
  interface FindOptions<Entity, Hint extends string, Fields extends string, Excludes extends string>
    extends TrashOptions {}
  interface CountOptions<T extends object, P extends string> extends TrashOptions {}
}

export type TrashMode = 'without' | 'with' | 'only'

export const SOFT_DELETE_FILTER = 'softDelete'

/** Which rows these options ask for. */
export function trashMode(options: TrashOptions): TrashMode {
  if (options.onlyTrashed) return 'only'
  return options.withTrashed ? 'with' : 'without'
}

/** Turns the words into arguments for the filter; other filters stay as they are. */
export function withTrashFilter<O extends TrashOptions & { filters?: unknown }>(options: O): O {
  const mode = trashMode(options)
  if (mode === 'without') return options
  const others = typeof options.filters === 'object' && options.filters !== null ? options.filters : {}
  return { ...options, filters: { ...others, [SOFT_DELETE_FILTER]: { mode } } }
}
