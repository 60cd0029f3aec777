/** @module What the Bot API answers in place of a result. */

/** An answer with `ok: false`. */
export interface ApiRefusal {
  /** As HTTP numbers them: 403. */
  readonly code: number
  readonly description: string
  /** After which time to try again, in milliseconds. */
  readonly retryAfter: number | undefined
  /** Where the group lives now, when it has become a supergroup. */
  readonly movedTo: number | undefined
}

/** Reads it from an error of grammy; undefined for every other one, such as that of a network. */
export function refusalOf(error: unknown): ApiRefusal | undefined {
  // By its form, since the class belongs to a package that is loaded late.
  if (!(error instanceof Error) || !('error_code' in error) || typeof error.error_code !== 'number')
    return undefined
  const description = 'description' in error ? String(error.description) : error.message
  const parameters: object = 'parameters' in error ? Object(error.parameters) : {}
  const seconds = numberOf(parameters, 'retry_after')
  return {
    code: error.error_code,
    description,
    retryAfter: seconds === undefined ? undefined : 1000 * seconds,
    movedTo: numberOf(parameters, 'migrate_to_chat_id'),
  }
}

function numberOf(parameters: object, name: string): number | undefined {
  const value: unknown = Reflect.get(parameters, name)
  return typeof value === 'number' ? value : undefined
}
