/** @module A stream shows what was to be seen where it was asked for, wherever it is read. */
import { ambientTrashMode, inTrashMode } from '../trash-scope.ts'

/** A generator runs when it is read: each step is taken in the scope that the stream was made in. */
export function inOwnMode<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
  const mode = ambientTrashMode()
  return {
    next: (...args) => inTrashMode(mode, () => stream.next(...args)),
    return: (value) => stream.return?.(value) ?? Promise.resolve({ done: true, value }),
    throw: (error) => stream.throw?.(error) ?? Promise.reject(error),
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
