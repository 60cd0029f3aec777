/** @module The trace that a request is part of, as W3C Trace Context tells it. */

/** Two digits of the version, the trace, the span that called, and flags. Later versions may add more. */
const FORM = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/

/** The trace id of a `traceparent` header; undefined when there is none, or one that the standard says to ignore. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const [, version, traceId, more] = FORM.exec(traceparent ?? '') ?? []
  return version === '00' && more !== undefined ? undefined : traceId
}
