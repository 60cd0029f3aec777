/** @module What is kept of a lock: it stays when the lock is free, since the next fence has to be larger. */

export interface LockRecord {
  readonly fence: number
  /** Until when it is held, in milliseconds since 1970; 0: it is free. */
  readonly until: number
  /** Who holds it; empty when it is free. */
  readonly owner: string
}

/**
 * How much longer than the lock its record is kept, in milliseconds. A fence is never below the time either: so the record is
 * needed only as long as a clock may have gone back.
 */
export const AFTERLIFE = 24 * 60 * 60 * 1000

const FREE: LockRecord = { fence: 0, until: 0, owner: '' }

export function keyOf(name: string): string {
  return `lock:${name}`
}

export function textOf({ fence, until, owner }: LockRecord): string {
  return `${fence} ${until} ${owner}`
}

/** A text that no lock has written is in nobody's way. */
export function readRecord(text: string | undefined): LockRecord {
  const [, fence, until, owner = ''] = /^(\d{1,16}) (\d{1,16}) (\S*)$/.exec(text ?? '') ?? []
  return fence === undefined ? FREE : { fence: Number(fence), until: Number(until), owner }
}
