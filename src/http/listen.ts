/** @module Opens the port, and says clearly why it cannot. */
import type { FastifyInstance } from 'fastify'
import { HostNotAvailableError, InvalidPortError, PortForbiddenError, PortInUseError } from './errors.ts'

export interface ListenOptions {
  readonly host?: string
  readonly port?: number
}

/** @throws {PortInUseError} @throws {PortForbiddenError} @throws {HostNotAvailableError} @throws {InvalidPortError} */
export async function listen(server: FastifyInstance, options: ListenOptions): Promise<void> {
  const { host = '127.0.0.1', port = 3000 } = options
  try {
    await server.listen({ host, port })
  } catch (error) {
    throw explain(error, host, port)
  }
}

function explain(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return new PortInUseError(host, port, error)
  if (code === 'EACCES') return new PortForbiddenError(host, port, error)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new HostNotAvailableError(host, error)
  if (code === 'ERR_SOCKET_BAD_PORT') return new InvalidPortError(port, error)
  return error
}
