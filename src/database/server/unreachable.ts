/** @module The errors of sockets that say that a server cannot be reached. */

const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT)$/

/** Whether an error, or one that it gathers, comes from a socket that is not or no longer connected. */
export function isSocketError(error: Error): boolean {
  if (SOCKET.test(String(Reflect.get(error, 'code')))) return true
  return (
    error instanceof AggregateError && error.errors.some((one) => one instanceof Error && isSocketError(one))
  )
}
