/** @module Says which statements of a migration were carried out, and which was not. */
import type { Fault } from '../../../errors/limber-error.ts'
import type { Progress } from './progress.ts'

const LONGEST = 160

/** @param failed the statement that failed, where it is known */
export function faultsOf({ done, started, batches }: Progress, failed: string | undefined): Fault[] {
  const carriedOut = done.map((sql, index) => ({
    path: `statement ${index + 1}`,
    message: `carried out: ${shorten(sql)}`,
  }))
  const loops = [...batches].map(([loop, { rows, isOver }]) => ({
    path: `batches "${loop}"`,
    message: `carried out: ${isOver ? 'all' : 'the first'} ${rows} rows`,
  }))
  const last = failed ?? started
  const what = failed === undefined ? 'begun' : 'failed'
  const next = { path: `statement ${done.length + 1}`, message: `${what}: ${shorten(last ?? '')}` }
  return [...carriedOut, ...loops, ...(last === undefined ? [] : [next])]
}

export function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
