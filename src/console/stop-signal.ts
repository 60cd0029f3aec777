/** @module Waits for the wish to stop: Ctrl+C, or the SIGTERM of whoever supervises the process. */
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** A terminal sends Ctrl+C to every process, and npm hands on its own: within this time they are one wish. */
const ECHO_MS = 300

/**
 * Waits for the first SIGINT or SIGTERM. From then on a further one ends the process at once, with 128 plus its number.
 *
 * @example
 * ```ts
 * import { stopSignal } from 'limber/console'
 *
 * const signal = await stopSignal()
 * console.error(`Stopping after ${signal}.`)
 * ```
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // A listener for a signal does not keep the process alive by itself.
    const alive = setInterval(() => undefined, 2 ** 30)
    const stop = (signal: NodeJS.Signals) => {
      clearInterval(alive)
      for (const name of SIGNALS) process.removeListener(name, stop)
      endAtNextSignal()
      resolve(signal)
    }
    for (const name of SIGNALS) process.on(name, stop)
  })
}

/** Explicitly, since the default action is not taken for the first process of a container. */
function endAtNextSignal(): void {
  const since = Date.now()
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (Date.now() - since <= ECHO_MS) return
      console.error(`limber: ${name} came again, so it ends at once.`)
      process.exit(128 + constants.signals[name])
    })
  }
}
