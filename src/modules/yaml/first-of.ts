/** @module The first of several faults, as the message of their error. */
import type { Fault } from '../../errors/limber-error.ts'

/** Logs may keep nothing but the message: it says where the first fault is, and how many there are. */
export function firstOf(faults: readonly Fault[]): string {
  const [first, ...others] = faults
  const more = others.length === 0 ? '' : ` And ${others.length} more fault${others.length === 1 ? '' : 's'}.`
  return `${first?.path}: ${first?.message}${more}`
}
