/** @module The calls of the Bot API that wait until the unit of work of an update is committed. */
import type { RawApi } from 'grammy'
import type { StoredCall } from '../../application/ports/update-store.ts'
import { ReplyTooLateError } from '../errors.ts'
import { asJson } from './as-json.ts'
import { checkLimits } from './check-limits.ts'

/** A method of the Bot API: `sendMessage`. */
export type BotMethod = string & keyof RawApi

/** What a method is given. */
export type BotPayload<M extends BotMethod> = RawApi[M] extends (
  args: infer Args extends object,
  ...rest: never[]
) => unknown
  ? Args
  : Record<string, never>

export class Replies {
  readonly #calls: StoredCall[] = []
  #isClosed = false

  /** In the order in which they are made. */
  get calls(): readonly StoredCall[] {
    return this.#calls
  }

  /**
   * Has a method called once the unit of work is committed; not at all when it is rolled back.
   *
   * @throws {ReplyNotJsonError} for what cannot be kept until then, such as the content of a file
   * @throws {ReplyLimitError} for what is longer than the Bot API takes
   * @throws {ReplyTooLateError} when they are written down already
   */
  add<M extends BotMethod>(method: M, payload: BotPayload<M>): void {
    if (this.#isClosed) throw new ReplyTooLateError(method)
    const json = asJson(method, payload)
    checkLimits(method, json)
    this.#calls.push({ method, payload: json })
  }

  /** Takes no more: what came later would never be made. */
  close(): readonly StoredCall[] {
    this.#isClosed = true
    return this.#calls
  }
}
