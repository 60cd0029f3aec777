/** @module A point in the past, as a person writes it: an age or a date. */
import { durationOf } from '../../support/duration.ts'

/** Gives the point in time; undefined when the text names none in the past. */
export function cutoffOf(text: string, now = Date.now()): Date | undefined {
  const age = durationOf(text)
  const time = age === undefined ? dateOf(text) : now - age
  const cutoff = new Date(time)
  // An age may reach behind everything that a date can tell.
  return cutoff.getTime() <= now ? cutoff : undefined
}

/** A day begins at midnight UTC, so that every machine means the same. The 30th of February is none, and not the 1st of March. */
function dateOf(text: string): number {
  const [, day = ''] = /^(\d{4}-\d\d-\d\d)(T.*)?$/.exec(text) ?? []
  const midnight = Date.parse(day)
  if (!Number.isFinite(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return Number.NaN
  return Date.parse(text)
}
