/** @module Starts a bot whose updates are posted: the Bot API may be away when the application begins to serve. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../application/log.ts'
import { LimberError } from '../../errors/limber-error.ts'

/** In milliseconds. */
const PAUSE = 5_000

/** Tries until it works, or cannot work. It does not fail: what goes wrong is logged, once. */
export async function keepStarting(start: () => Promise<void>, log: Log, signal: AbortSignal): Promise<void> {
  for (let isTold = false; !signal.aborted; isTold = true) {
    try {
      return await start()
    } catch (err) {
      if (signal.aborted) return
      if (!isTold) log.error({ err }, 'bot: it has not started; updates that are posted have to come again')
      if (!(err instanceof LimberError) || err.kind !== 'unavailable') return
      // The abort is no fault.
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined)
    }
  }
}
