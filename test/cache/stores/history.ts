/** @module What several clients did to one key at the same time, and whether one after the other could have done it. */
import type { CacheStore } from './support.ts'

type Text = string | undefined

/** One call: when it began and ended, and what it gave. */
export interface Call {
  readonly what: 'get' | 'set' | 'replace' | 'increment' | 'delete'
  readonly expected?: Text
  readonly text?: Text
  readonly by?: number
  readonly began: number
  readonly ended: number
  readonly given: unknown
}

type Plan = Omit<Call, 'began' | 'ended' | 'given'>

/** Does what is planned, as the store does it. */
export async function perform(store: CacheStore, key: string, plan: Plan): Promise<unknown> {
  const { what, expected, text, by = 0 } = plan
  if (what === 'get') return (await store.get([key]))[0]?.text
  if (what === 'set') return store.set(key, text ?? '')
  if (what === 'replace') return store.replace(key, expected, text)
  if (what === 'delete') return store.delete([key])
  return store.increment(key, by).then(({ count }) => count, codeOf)
}

/** Whether there is an order of the calls, in which none begins after the end of a later one, that gives what they gave. */
export function isPossible(calls: readonly Call[]): boolean {
  const dead = new Set<string>()
  const search = (rest: readonly Call[], text: Text): boolean => {
    if (rest.length === 0) return true
    const place = `${rest.map((call) => calls.indexOf(call)).join()} ${text}`
    if (dead.has(place)) return false
    dead.add(place)
    const firstEnd = Math.min(...rest.map(({ ended }) => ended))
    return rest.some((call) => {
      if (call.began > firstEnd) return false
      const after = afterOf(text, call)
      return after.given === call.given && search(rest.toSpliced(rest.indexOf(call), 1), after.text)
    })
  }
  return search(calls, undefined)
}

/** What a single client would see. */
function afterOf(before: Text, { what, expected, text, by = 0 }: Plan): { text: Text; given: unknown } {
  if (what === 'get') return { text: before, given: before }
  if (what === 'set' || what === 'delete') return { text, given: undefined }
  if (what === 'replace') return before === expected ? { text, given: true } : { text: before, given: false }
  if (Number.isNaN(Number(before ?? 0))) return { text: before, given: 'LIMBER_NOT_A_COUNT' }
  const count = Number(before ?? 0) + by
  return { text: String(count), given: count }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : error
}
