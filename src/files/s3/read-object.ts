/** @module Reads an object: what breaks off or stands still on the way is told, and is no shorter file. */
import { finished, PassThrough, type Readable } from 'node:stream'

/**
 * Gives what a server sends.
 *
 * @param timeout how long it may send nothing while somebody waits for it, in milliseconds
 * @param explain says in our words what has failed
 */
export function readObject(body: Readable, timeout: number, explain: (error: unknown) => Error): Readable {
  const content = new PassThrough()
  // It may fail before it is read: without a listener that would end the process. Reading it tells the error.
  content.on('error', () => undefined)
  const timer = setTimeout(() => {
    // Whoever reads is slower than the server.
    if (content.writableNeedDrain) timer.refresh()
    else body.destroy(new Error(`The server has sent nothing for ${timeout} ms.`))
  }, timeout)
  body.on('data', () => timer.refresh())
  finished(body, (error) => {
    clearTimeout(timer)
    if (error) content.destroy(explain(error))
  })
  content.once('close', () => body.destroy())
  return body.pipe(content)
}
