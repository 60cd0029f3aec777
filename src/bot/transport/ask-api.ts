/** @module Asks the Bot API on behalf of a person or a start, with errors that say what to do. */
import { messageOf } from '../../support/message-of.ts'
import { refusalOf } from './api-refusal.ts'
import { BotApiRefusedError, BotApiUnavailableError, BotTokenError } from './errors.ts'

/**
 * Awaits a call and tells its faults by name.
 *
 * @throws {BotTokenError} when the Bot API does not know the token
 * @throws {BotApiRefusedError} when it does not take what it was given
 * @throws {BotApiUnavailableError} when it does not answer, or is not well
 */
export async function askApi<T>(method: string, apiRoot: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw namedError(method, apiRoot, error)
  }
}

export function namedError(method: string, apiRoot: string, error: unknown): Error {
  const refusal = refusalOf(error)
  if (!refusal) return new BotApiUnavailableError(method, apiRoot, reasonOf(error), error)
  const { code, description } = refusal
  const answer = `${code}: ${description}`
  // A token that is none at all is not found; who has asked for updates before has one.
  if (code === 401 || (code === 404 && method !== 'getUpdates')) return new BotTokenError(apiRoot, answer)
  // Its payload may hold secrets, such as that of a webhook: it does not become the cause.
  if (code >= 400 && code < 500 && code !== 429) return new BotApiRefusedError(method, answer)
  return new BotApiUnavailableError(method, apiRoot, `it answers "${answer}"`)
}

/** What a client says of a network stands one error deeper. */
function reasonOf(error: unknown): string {
  const inner: unknown = error instanceof Error && 'error' in error ? error.error : undefined
  return messageOf(inner instanceof Error ? inner : error)
}
