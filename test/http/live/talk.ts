/** @module A client of a WebSocket, as these tests need it. */
import { onTestFinished } from 'vitest'

export interface Talk {
  readonly socket: WebSocket
  say(message: unknown): void
  /** The next message that has not been heard yet, read from JSON. */
  hear(): Promise<unknown>
  readonly closed: Promise<CloseEvent>
}

/** Connects, and waits until the connection is open. */
export async function talkTo(url: string): Promise<Talk> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  socket.binaryType = 'arraybuffer'
  const heard: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<CloseEvent>()
  socket.addEventListener('open', () => opened.resolve())
  socket.addEventListener('error', () => opened.reject(new Error('It could not be opened.')))
  socket.addEventListener('close', (event) => closed.resolve(event))
  socket.addEventListener('message', ({ data }) => {
    const message: unknown = typeof data === 'string' ? JSON.parse(data) : data
    const first = waiting.shift()
    if (first) first(message)
    else heard.push(message)
  })
  onTestFinished(() => socket.close())
  await opened.promise
  return {
    socket,
    say: (message) => socket.send(JSON.stringify(message)),
    hear: () =>
      heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((resolve) => waiting.push(resolve)),
    closed: closed.promise,
  }
}
