/** @module Makes a call that waited for a commit, and says what became of it. */
import type { Api } from 'grammy'
import type { StoredCall } from '../../application/ports/update-store.ts'
import { type ApiRefusal, refusalOf } from './api-refusal.ts'

/** What became of a call. */
export type CallOutcome =
  | { readonly is: 'made' }
  /** Too many calls: it may be made after so many milliseconds. */
  | { readonly is: 'wait'; readonly ms: number }
  /** The Bot API will never take it. */
  | { readonly is: 'refused'; readonly error: unknown }
  /** It did not come through, or the Bot API is not well: it may work later. */
  | { readonly is: 'failed'; readonly error: unknown }

/** When the Bot API does not say how long to wait, in milliseconds. */
const DEFAULT_WAIT = 1_000
/** When no answer comes, in milliseconds. */
const PATIENCE = 60_000

/** Answers of the 400s that say nothing of the call itself: the token, another bot with it, too many calls. */
const OF_THE_MOMENT = new Set([401, 409, 429])

/**
 * Makes the call once. It never rejects.
 *
 * @param signal gives up the call: its outcome is then `failed`
 */
export async function callStored(api: Api, call: StoredCall, signal: AbortSignal): Promise<CallOutcome> {
  try {
    await callOnce(api, call, signal)
    return { is: 'made' }
  } catch (error) {
    const refusal = refusalOf(error)
    const moved = refusal && movedCall(call, refusal)
    if (moved) return callStored(api, moved, signal)
    return outcomeOf(error, refusal)
  }
}

async function callOnce(api: Api, { method, payload }: StoredCall, signal: AbortSignal): Promise<void> {
  const call: unknown = Reflect.get(api.raw, method)
  if (typeof call !== 'function') throw new TypeError(`The Bot API has no method "${method}".`)
  const end = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  // Methods without parameters take nothing but the signal.
  await (call.length === 1 ? call(end) : call(payload, end))
}

function outcomeOf(error: unknown, refusal: ApiRefusal | undefined): CallOutcome {
  if (refusal?.code === 429) return { is: 'wait', ms: refusal.retryAfter ?? DEFAULT_WAIT }
  const isFinal =
    refusal !== undefined && refusal.code >= 400 && refusal.code < 500 && !OF_THE_MOMENT.has(refusal.code)
  return { is: isFinal ? 'refused' : 'failed', error }
}

/** The same call for the supergroup that a group has become. */
function movedCall(call: StoredCall, { movedTo }: ApiRefusal): StoredCall | undefined {
  if (movedTo === undefined || call.payload.chat_id === movedTo) return undefined
  return { ...call, payload: { ...call.payload, chat_id: movedTo } }
}
