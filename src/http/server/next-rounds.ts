/** @module Waits until the event loop has read and closed what is due. */
import { setImmediate } from 'node:timers/promises'

/** In one round sockets are read, kept connections among them, and closed; what follows from that comes in the next. */
export async function nextRounds(): Promise<void> {
  for (let round = 0; round < 2; round++) await setImmediate()
}
