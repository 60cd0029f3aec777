/** @module A Redis server of one's own, in memory only. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram, freePort, ServerProcess } from './server-process.ts'

export interface PrivateRedis {
  readonly port: number
  readonly process: ServerProcess
  remove(): Promise<void>
}

/** @param settings words of its command line: `['--requirepass', 's3cret']` */
export async function privateRedis(...settings: readonly string[]): Promise<PrivateRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-redis-'))
  const port = await freePort()
  const argv = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings]
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
