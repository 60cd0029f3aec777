/** @module Several faults as one error: its message, and as many of them as help. */
import type { Fault } from '../errors/limber-error.ts'

/** Logs may keep nothing but the message: it says where the first fault is, and how many there are. */
export function firstOf(faults: readonly Fault[]): string {
  const [first, ...others] = faults
  const more = others.length === 0 ? '' : ` And ${others.length} more fault${others.length === 1 ? '' : 's'}.`
  return `${first?.path}: ${first?.message}${more}`
}

/** More than this say nothing more. */
export function fewOf(faults: readonly Fault[]): readonly Fault[] {
  return faults.slice(0, 20)
}
