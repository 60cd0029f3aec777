/** @module What becomes a given JSON: what a handler may return, so that the reply fits the schema of its route. */

/**
 * Everything that becomes this in JSON: for a text also a date or a large integer, for a list also a set or the collection
 * of a model, for an object also a reference to a model, and for anything what has a `toJSON` that gives it.
 */
export type Sendable<T> = unknown extends T ? T : T | { toJSON(): Sendable<T> } | Alternative<T>

type Alternative<T> = T extends string
  ? string extends T
    ? bigint
    : never
  : T extends readonly (infer Item)[]
    ?
        | { readonly [Index in keyof T]: Sendable<T[Index]> }
        | ReadonlySet<Sendable<Item>>
        | { getItems(): readonly Sendable<Item>[] }
    : T extends object
      ? { readonly [Name in keyof T]: Sendable<T[Name]> } | { unwrap(): Sendable<T> }
      : never

/** Several of them, one after the other. */
export type SendableItems<T> = AsyncIterable<Sendable<T>> | Iterable<Sendable<T>>
