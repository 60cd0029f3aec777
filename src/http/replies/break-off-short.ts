/** @module The end of a file that became shorter while it was sent. */
import type { ReadStream } from 'node:fs'
import type { FastifyReply } from 'fastify'

/**
 * Breaks the connection off: on one that goes on, the next reply would be taken for the rest of this one.
 *
 * @param size what the file had when its reply began, in bytes
 */
export function breakOffShort({ raw }: FastifyReply, { bytesRead }: ReadStream, size: number): void {
  if (bytesRead < size) raw.destroy()
}
