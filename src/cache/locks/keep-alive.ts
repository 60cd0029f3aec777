/** @module Extends a lock again and again while something runs. */
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import type { Lock, LockHome } from './lock.ts'

/** @returns ends it */
export function keepAlive(lock: Lock, ttl: number, home: LockHome): () => void {
  let isBusy = false
  const beat = async () => {
    if (isBusy || !lock.isHeld()) return
    isBusy = true
    try {
      await lock.extend(ttl)
    } catch (error) {
      // There are further beats before its time is over; when it is lost, its signal says so.
      if (lock.isHeld()) home.warn(error, `The lock "${lock.name}" could not be extended.`)
    } finally {
      isBusy = false
    }
  }
  // By the real time also where the clock of the service is another one: the function that runs takes real time.
  const timer = setInterval(() => void beat(), Math.min(Math.max(1, ttl / 3), LONGEST_TIMER)).unref()
  return () => clearInterval(timer)
}
