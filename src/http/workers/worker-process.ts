/** @module A worker's side: says that it listens, and learns when to stop. */
import cluster from 'node:cluster'
import { flushCompileCache } from 'node:module'
import { isStop, type ListeningMessage } from './messages.ts'

/** Whether this process is a worker of `limber serve --workers`. */
export const { isWorker } = cluster

export function tellListening(address: string): void {
  const message: ListeningMessage = { limber: 'listening', address }
  process.send?.(message)
  // Node would write it at the end of the process, which one that is killed does not reach: each successor would compile all.
  flushCompileCache()
}

/**
 * Waits until this worker is to stop: the primary says so or is gone, or somebody sends SIGTERM to this worker alone.
 * Ctrl+C reaches every process of the terminal; it is the primary that acts on it.
 */
export function workerStop(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => undefined)
  process.on('SIGTERM', () => resolve())
  process.on('message', (message) => {
    if (isStop(message)) resolve()
  })
  cluster.worker?.once('disconnect', () => {
    // Without this Node ends a worker without its primary at once, and what is in flight with it.
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
    resolve()
  })
  return promise
}

/** Lets the process end when it has nothing left to do, though the primary could still send it something. */
export function letGoOfPrimary(): void {
  process.channel?.unref()
}
