/** @module A length of time, as people write it on a command line: `90d`. */

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Gives the milliseconds of a whole number and `m`, `h`, `d` or `w`; undefined for any other text. */
export function durationOf(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d+)([mhdw])$/.exec(text) ?? []
  const length = UNITS[unit]
  return length === undefined ? undefined : Number(count) * length
}
