/** @module Opens the port, and says clearly why it cannot. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { codeOf } from '../../support/code-of.ts'
import { HostNotAvailableError, InvalidPortError, PortForbiddenError, PortInUseError } from './errors.ts'

export interface ListenOptions {
  readonly host?: string
  readonly port?: number
}

/** @throws {PortInUseError} @throws {PortForbiddenError} @throws {HostNotAvailableError} @throws {InvalidPortError} */
export async function listen(server: FastifyInstance, options: ListenOptions): Promise<void> {
  const { host = '127.0.0.1', port = 3000 } = options
  try {
    await listenQuietly(server, { host, port })
  } catch (error) {
    throw explain(error, host, port)
  }
}

/** Where a server listens; undefined when it does not. */
export function boundTo(server: FastifyInstance | undefined): AddressInfo | undefined {
  const bound = server?.server.address()
  return typeof bound === 'object' ? (bound ?? undefined) : undefined
}

/** `http://127.0.0.1:3000` */
export function addressOf({ family, address, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** Without Fastify's own line for each address: whoever serves says where, once. */
async function listenQuietly(server: FastifyInstance, options: Required<ListenOptions>): Promise<void> {
  const { log } = server
  const { level } = log
  log.level = 'warn'
  try {
    await server.listen(options)
  } finally {
    log.level = level
  }
}

/**
 * Finds out, before processes are started for it, whether a port can be had, and which one the system chooses for 0.
 *
 * @throws {PortInUseError} @throws {PortForbiddenError} @throws {HostNotAvailableError} @throws {InvalidPortError}
 */
export async function findPort({ host = '127.0.0.1', port = 3000 }: ListenOptions): Promise<number> {
  const server = createServer()
  try {
    server.listen({ host, port })
    await once(server, 'listening')
    const bound = server.address()
    return typeof bound === 'object' && bound ? bound.port : port
  } catch (error) {
    throw explain(error, host, port)
  } finally {
    server.close()
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = codeOf(error)
  if (code === 'EADDRINUSE') return new PortInUseError(host, port, error)
  if (code === 'EACCES') return new PortForbiddenError(host, port, error)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new HostNotAvailableError(host, error)
  if (code === 'ERR_SOCKET_BAD_PORT') return new InvalidPortError(port, error)
  return error
}
