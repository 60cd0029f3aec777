/** @module Writes an error the way a person reads it: what, where on the path, and what next. */
import { LimberError } from './limber-error.ts'

/**
 * Renders an error for a terminal, with its causes. The stack is added only for errors that are not Limber's own,
 * since for those the place in the code is the only hint there is.
 *
 * @example
 * ```ts
 * import { printError } from 'limber'
 *
 * console.error(printError(new Error('the disk is full')))
 * ```
 */
export function printError(error: unknown): string {
  const lines = describe(error)
  const seen = new Set<unknown>([error])
  for (const cause of causesOf(error)) {
    if (seen.has(cause)) continue
    seen.add(cause)
    lines.push(`  cause ${summary(cause)}`, ...faultLines(cause))
  }
  return lines.join('\n')
}

function describe(error: unknown): string[] {
  if (!(error instanceof LimberError)) {
    return [error instanceof Error ? (error.stack ?? summary(error)) : `Thrown: ${String(error)}`]
  }
  const lines = [summary(error), ...faultLines(error)]
  if (error.path.length > 0) lines.push(`  path  ${error.path.join(' → ')}`)
  if (error.hint) lines.push(`  hint  ${error.hint}`)
  lines.push(`  help  ${error.help}`)
  return lines
}

function faultLines(error: unknown): string[] {
  if (!(error instanceof LimberError)) return []
  return error.faults.map(({ path, message }) => `  at    ${path}: ${message}`)
}

/** The causes of an error, and theirs; several errors thrown as one are causes too. */
function causesOf(error: unknown, depth = 0): unknown[] {
  // A circle of causes ends here too.
  if (!(error instanceof Error) || depth > 20) return []
  const gathered: unknown[] = error instanceof AggregateError ? error.errors : []
  const causes = error.cause === undefined ? gathered : [...gathered, error.cause]
  return causes.flatMap((cause) => [cause, ...causesOf(cause, depth + 1)])
}

function summary(error: unknown): string {
  if (error instanceof LimberError) return `${error.name} [${error.code}]: ${error.message}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
