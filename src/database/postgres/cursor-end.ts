/** @module Ends the cursors of a connection that is gone: by itself, that of pg waits for ever for the server to answer. */
import type { EventEmitter } from 'node:events'

interface Cursor {
  close(): Promise<void>
}

/** Gives a function that makes a cursor close when its server answers, or when the connection of its client ends. */
export function cursorEnder(client: EventEmitter): (submitted: unknown) => void {
  let isOver = false
  client.once('end', () => {
    isOver = true
  })
  return (submitted) => {
    if (!isCursor(submitted)) return
    const close = submitted.close.bind(submitted)
    submitted.close = () => {
      if (isOver) return Promise.resolve()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      client.once('end', resolve)
      close().then(resolve, reject)
      return promise.finally(() => client.off('end', resolve))
    }
  }
}

function isCursor(submitted: unknown): submitted is Cursor {
  return typeof submitted === 'object' && submitted !== null && 'close' in submitted && 'submit' in submitted
}
