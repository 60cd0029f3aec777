/** @module The word with which a model says that rows in the trash keep their unique values taken. */
import type { EntityMetadata } from '@mikro-orm/core'

export interface TrashCover {
  /** On a soft-deleted model: whether rows in the trash keep their values taken. */
  readonly withTrashed?: boolean
}

declare module '@mikro-orm/core' {
  // The type parameters are those of the interface that this declaration is merged with.
  interface UniqueOptions<T, H extends string = string> extends TrashCover {}
}

/** Passes the word on to where the ORM carries it along; called before the ORM completes the metadata. */
export function noteTrashCover(meta: EntityMetadata): void {
  for (const unique of meta.uniques) {
    if (coversTrash(unique)) unique.options = { ...unique.options, withTrashed: true }
  }
}

/** Whether an index, or its options, have been given the word. */
export function coversTrash(facts: object = {}): boolean {
  return Reflect.get(facts, 'withTrashed') === true
}
