/** @module A port that leads to a server, until it is cut. */
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface TcpProxy {
  readonly port: number
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>
  /** Accepts connections and lets nothing through, like a server that hangs. */
  freeze(): void
  /** Lets nothing through on the connections that there are, like a network that lost them. */
  stall(): void
  restore(): Promise<void>
}

export async function tcpProxy(host: string, targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    keep(client)
    if (isFrozen) return
    const target = keep(connect(targetPort, host))
    client.pipe(target).pipe(client)
    client.on('close', () => target.destroy())
    target.on('close', () => client.destroy())
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  onTestFinished(async () => {
    if (server.listening) await cut()
  })
  return {
    port,
    cut,
    freeze() {
      isFrozen = true
      for (const socket of sockets) socket.destroy()
    },
    stall() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async restore() {
      isFrozen = false
      if (!server.listening) await listen(port)
    },
  }
}
