/** @module Keeps a connection open until a client that is still sending has read that it was refused. */
import type { IncomingMessage } from 'node:http'

/**
 * Lets the server read on after the reply and throw away what comes. To close at once would reset the connection, and a
 * client loses the reply with it. The time limit of a request ends this as well.
 */
export function linger(request: IncomingMessage): void {
  const { socket } = request
  if (request.complete || socket.destroyed) return
  let isLast = false
  // Node calls it when the reply to the last request of a connection is out.
  socket.destroySoon = () => {
    isLast = true
    socket.end()
  }
  request.once('close', () => {
    Reflect.deleteProperty(socket, 'destroySoon')
    if (isLast) socket.destroySoon()
  })
}
