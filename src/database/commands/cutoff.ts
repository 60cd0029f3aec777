/** @module A point in the past, as a person writes it: an age or a date. */

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Gives the point in time; undefined when the text names none in the past. */
export function cutoffOf(text: string, now = Date.now()): Date | undefined {
  const [, count, unit = ''] = /^(\d+)([mhdw])$/.exec(text) ?? []
  const length = UNITS[unit]
  const time = length === undefined ? dateOf(text) : now - Number(count) * length
  return Number.isFinite(time) && time <= now ? new Date(time) : undefined
}

/** A day begins at midnight UTC, so that every machine means the same. */
function dateOf(text: string): number {
  return /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN
}
