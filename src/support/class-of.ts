/** @module What "a class" is to the container: a constructor, also an abstract one, of any arguments. */

export type Constructor<T = unknown> = new (...args: never[]) => T
export type AbstractConstructor<T = unknown> = abstract new (...args: never[]) => T

/** Tells a class from a plain function: only classes cannot be called. */
export function isClass(value: unknown): value is Constructor {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}
