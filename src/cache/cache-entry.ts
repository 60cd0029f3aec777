/** @module An entry of the cache as its store keeps it: the value, and what is known of it. */
import type { StoredText } from '../application/ports/cache-store.ts'

/** The versions that tags had when a value was computed. */
export type TagVersions = readonly (readonly [tag: string, version: string])[]

/** How long others wait for a process that has died, in milliseconds. */
export const LEASE = 10_000

/** Says that somebody computes the value. */
export interface Lease {
  readonly id: string
  /** In milliseconds since 1970. */
  readonly until: number
  readonly tags?: TagVersions | undefined
}

/** What is written beside the value; times in milliseconds since 1970. */
export interface EntryFacts {
  /** When the value is over; undefined is never. */
  readonly expiresAt?: number | undefined
  /** Until when it may be given though it is over. */
  readonly staleUntil?: number | undefined
  readonly tags?: TagVersions | undefined
  /** The highest fence that has written it. */
  readonly fence?: number | undefined
  readonly lease?: Lease | undefined
}

export interface CacheEntry extends EntryFacts {
  /** Undefined when there is none yet: only a lease. */
  readonly value: unknown
}

/** How long the fence of a value is known after its end: longer than any lock should be held. */
const FENCE_MEMORY = 86_400_000

/**
 * Writes an entry. A whole number that nothing else is known of is its digits, so that it can be counted on.
 *
 * @param json the value
 */
export function writeEntry(json: string | undefined, facts: EntryFacts): string {
  const { expiresAt, staleUntil, tags, fence, lease } = facts
  const needsTimes = staleUntil !== undefined || fence !== undefined || lease !== undefined
  const rest = {
    ...(needsTimes && { e: expiresAt, g: staleUntil }),
    t: tags?.length ? tags : undefined,
    f: fence,
    l: lease,
  }
  const head = JSON.stringify(rest)
  if (json === undefined) return head
  if (head === '{}') return isCount(json) ? json : `{"v":${json}}`
  return `{"v":${json},${head.slice(1)}`
}

/** Reads an entry; undefined for a text that none has written, such as that of another version. */
export function readEntry({ text, expiresAt: end }: StoredText): CacheEntry | undefined {
  if (isCount(text)) return { value: Number(text), expiresAt: end }
  const written = parse(text)
  if (!isWritten(written)) return undefined
  const { v: value, e, g: staleUntil, t: tags, f: fence, l: lease } = written
  const needsTimes = staleUntil !== undefined || fence !== undefined || lease !== undefined
  return { value, expiresAt: needsTimes ? e : end, staleUntil, tags, fence, lease }
}

/** For how long the store has to keep an entry; undefined is for ever. */
export function lifetimeOf(hasValue: boolean, facts: EntryFacts, now: number): number | undefined {
  const { expiresAt, staleUntil, fence, lease } = facts
  if (hasValue && expiresAt === undefined) return undefined
  const ends = [
    staleUntil ?? expiresAt,
    lease?.until,
    fence === undefined ? undefined : (expiresAt ?? now) + FENCE_MEMORY,
  ]
  return Math.max(...ends.filter((end) => end !== undefined)) - now
}

interface WrittenEntry {
  readonly v?: unknown
  readonly e?: number
  readonly g?: number
  readonly t?: TagVersions
  readonly f?: number
  readonly l?: Lease
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whatever it is, it is no entry.
    return undefined
  }
}

/** Only this file writes objects under the keys of the cache. */
function isWritten(written: unknown): written is WrittenEntry {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
}

function isCount(text: string): boolean {
  return /^(?:0|-?[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text))
}
