/** @module Faults that a test asks for: what the next calls of a method meet. */
import type { RecordedCall } from './call-log.ts'

/**
 * An answer, or: `drop` the connection before, or `lost` after the call was carried out; `hang` without answer, or `mute`
 * after the call was carried out.
 */
export type Fault = Refusal | 'drop' | 'lost' | 'hang' | 'mute'

export interface Refusal {
  readonly code: number
  readonly description: string
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number }
}

export interface FaultOptions {
  /** Only calls for this chat. */
  readonly chat?: number
  /** How many calls meet it; default 1. */
  readonly times?: number
  /** How many go well before; default none. */
  readonly after?: number
}

export const faults = {
  tooMany: (seconds: number): Refusal => ({
    code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  }),
  serverError: { code: 500, description: 'Internal Server Error' },
  blocked: { code: 403, description: 'Forbidden: bot was blocked by the user' },
  badRequest: { code: 400, description: 'Bad Request: chat not found' },
} as const

export class FaultPlan {
  readonly #plan: Planned[] = []

  add(method: string, fault: Fault, { chat, times = 1, after = 0 }: FaultOptions = {}): void {
    this.#plan.push({ method, fault, chat, times, after })
  }

  clear(): void {
    this.#plan.length = 0
  }

  /** What this call meets, which is then used up. */
  next(call: RecordedCall): Fault | undefined {
    const found = this.#plan.find(
      ({ method, chat, times }) =>
        times > 0 && method === call.method && (chat === undefined || chat === call.chat),
    )
    if (!found) return undefined
    if (found.after > 0) {
      found.after -= 1
      return undefined
    }
    found.times -= 1
    return found.fault
  }
}

interface Planned {
  readonly method: string
  readonly fault: Fault
  readonly chat: number | undefined
  times: number
  after: number
}
