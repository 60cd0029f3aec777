/** @module What a bot has called, in order. */
import type { Payload } from './request-body.ts'

export interface RecordedCall {
  readonly method: string
  readonly payload: Payload
  /** The chat it is for, if it is for one. */
  readonly chat: number | undefined
}

export class CallLog {
  /** In the order in which they were carried out. */
  readonly calls: RecordedCall[] = []
  /** Every request, also those that were answered with a fault. */
  readonly attempts: RecordedCall[] = []

  of(method: string): RecordedCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  in(chat: number): RecordedCall[] {
    return this.calls.filter((call) => call.chat === chat)
  }

  /** The texts that were sent to a chat. */
  texts(chat: number): string[] {
    return this.in(chat).flatMap(({ method, payload }) =>
      method === 'sendMessage' ? [String(payload.text)] : [],
    )
  }

  clear(): void {
    this.calls.length = 0
    this.attempts.length = 0
  }
}

export function recordOf(method: string, payload: Payload): RecordedCall {
  const chat = typeof payload.chat_id === 'number' ? payload.chat_id : undefined
  return { method, payload, chat }
}
