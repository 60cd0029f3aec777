/** @module What decorators have said of the methods of classes. */
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import type { HandlerLimit, Role } from './handler-options.ts'

export interface MethodMarks {
  /** One for each decorator that makes it a handler, in the order of the source. */
  readonly handlers: { readonly kinds: readonly AnyUpdateKind[]; readonly options: object }[]
  allowedFor?: readonly Role[]
  limit?: HandlerLimit
}

export type MethodKey = string | symbol

/** By the object that has the methods: a prototype, or a class for its static ones. */
const marks = new WeakMap<object, Map<MethodKey, MethodMarks>>()

/** Gives what was said of a method of this very object, to be added to. */
export function marksOf(owner: object, method: MethodKey): MethodMarks {
  const own = marks.get(owner) ?? new Map<MethodKey, MethodMarks>()
  marks.set(owner, own)
  const known = own.get(method) ?? { handlers: [] }
  own.set(method, known)
  return known
}

/** Gives what was said of the methods of an object and of what it inherits from; the nearest one to say something counts. */
export function markedMethods(owner: object): ReadonlyMap<MethodKey, MethodMarks> {
  const parent: unknown = Object.getPrototypeOf(owner)
  const inherited = parent === null ? undefined : markedMethods(Object(parent))
  return new Map([...(inherited ?? []), ...(marks.get(owner) ?? [])])
}
