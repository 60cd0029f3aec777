/** @module Keeps the token of a bot out of errors: it is part of every URL of the Bot API, and so of what a client says of it. */

const MASK = '****'
/** Errors hold others as `cause` or `error`; deeper ones than this are nobody's. */
const DEEPEST = 8

/** Replaces the token in a text, also as URLs write it, and its secret half where that stands alone. */
export function maskToken(text: string, token: string): string {
  const secret = token.slice(token.indexOf(':') + 1)
  return [token, encodeURI(token), encodeURIComponent(token), secret, encodeURIComponent(secret)]
    .filter((form) => form !== '')
    .reduce((masked, form) => masked.replaceAll(form, MASK), text)
}

/** Takes the token out of an error and of all that hangs on it, and gives the same error. */
export function withoutToken(error: unknown, token: string, depth = 0): unknown {
  if (typeof error === 'string') return maskToken(error, token)
  if (!(error instanceof Error) || depth > DEEPEST) return error
  for (const name of Object.getOwnPropertyNames(error)) {
    const value: unknown = Reflect.get(error, name)
    const clean = withoutToken(value, token, depth + 1)
    if (clean !== value) Object.defineProperty(error, name, { ...ownOf(error, name), value: clean })
  }
  return error
}

/** `stack` may be a getter, which has no value to be replaced. */
function ownOf(error: Error, name: string): PropertyDescriptor {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {}
  return { enumerable, configurable: true, writable: true }
}
