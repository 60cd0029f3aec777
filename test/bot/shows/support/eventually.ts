/** @module Waits for what has to come about, in this process or in another. */
import { setTimeout as delay } from 'node:timers/promises'

const PATIENCE = 60_000

/** @param told is asked for the message when it does not come */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  told: () => string = () => holds.toString(),
): Promise<void> {
  const deadline = performance.now() + PATIENCE
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not come to this: ${told()}`)
    await delay(10)
  }
}
