/** @module A Memcached server of one's own. */
import { findProgram, freePort, ServerProcess } from './server-process.ts'

export interface PrivateMemcached {
  readonly port: number
  readonly process: ServerProcess
}

/** @param settings words of its command line: `['-m', '1']` */
export async function privateMemcached(...settings: readonly string[]): Promise<PrivateMemcached> {
  const port = await freePort()
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const server = new ServerProcess({
    command: findProgram('memcached') ?? 'memcached',
    argv: ['-v', '-v', '-p', String(port), '-l', '127.0.0.1', '-U', '0', ...user, ...settings],
    ready: 'server listening',
    stopSignal: 'SIGTERM',
  })
  await server.start()
  return { port, process: server }
}
