/** @module A Redis server of one's own, in memory only. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TlsFiles } from './private-server.ts'
import { findProgram, freePort, ServerProcess } from './server-process.ts'

export interface PrivateRedis {
  readonly port: number
  readonly process: ServerProcess
  remove(): Promise<void>
}

export interface PrivateRedisOptions {
  readonly password?: string
  /** It then speaks nothing but TLS. */
  readonly tls?: TlsFiles
}

export async function privateRedis({ password, tls }: PrivateRedisOptions = {}): Promise<PrivateRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-redis-'))
  const port = await freePort()
  const argv = [
    ...['--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...(tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)]),
    ...(tls ? ['--tls-cert-file', tls.cert, '--tls-key-file', tls.key, '--tls-auth-clients', 'no'] : []),
  ]
  const server = new ServerProcess({
    command: 'sh',
    // It logs to its standard output, and what is waited for is read from the other one.
    argv: ['-c', 'exec "$@" >&2', 'sh', findProgram('redis-server') ?? 'redis-server', ...argv],
    ready: 'Ready to accept connections',
    stopSignal: 'SIGTERM',
  })
  const remove = async () => {
    await server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  await server.start().catch((error) => remove().then(() => Promise.reject(error)))
  return { port, process: server, remove }
}
