/** @module What a reply says of the limits of its route. */
import type { ClientRequest } from '../../application/ports/client-request.ts'
import type { RateState } from '../../application/ports/rate-limiter.ts'

/** The largest whole number of these fields. */
const MOST = 999_999_999_999_999

/** What one throttle has counted for a request. */
export interface Counted {
  /** The name of the throttle; undefined: it has none. */
  readonly name: string | undefined
  /** In milliseconds. */
  readonly window: number
  readonly state: RateState
}

/** Says all of them in the fields of the standard, and the one that is nearest to its end in those that clients know. */
export function sayLimits(request: ClientRequest, all: readonly Counted[], now: number): void {
  const names = namesOf(all)
  const { state } = all.reduce((a, b) => (isTighter(b.state, a.state) ? b : a))
  const policies = all.map(
    ({ window, state }, at) => `"${names[at]}";q=${Math.min(state.max, MOST)};w=${seconds(window)}`,
  )
  const states = all.map(
    ({ state: { remaining, resetAt } }, at) =>
      `"${names[at]}";r=${Math.min(remaining, MOST)};t=${seconds(Math.max(0, resetAt - now))}`,
  )
  request.replyHeader('X-RateLimit-Limit', String(state.max))
  request.replyHeader('X-RateLimit-Remaining', String(state.remaining))
  request.replyHeader('X-RateLimit-Reset', String(seconds(state.resetAt)))
  request.replyHeader('RateLimit-Policy', policies.join(', '))
  request.replyHeader('RateLimit', states.join(', '))
}

function isTighter(a: RateState, b: RateState): boolean {
  if (a.isExceeded !== b.isExceeded) return a.isExceeded
  return a.remaining === b.remaining ? a.resetAt > b.resetAt : a.remaining < b.remaining
}

/** A name each of its own: clients tell the policies apart by them. */
function namesOf(all: readonly Counted[]): string[] {
  const taken = new Set<string>()
  return all.map(({ name = 'default' }) => {
    let own = name
    for (let count = 2; taken.has(own); count++) own = `${name}-${count}`
    taken.add(own)
    return own
  })
}

/** A client that waits as long as it is told never comes too early. */
function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}
