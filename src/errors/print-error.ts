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
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    lines.push(`  cause ${summary(cause)}`)
  }
  return lines.join('\n')
}

function describe(error: unknown): string[] {
  if (!(error instanceof LimberError)) {
    return [error instanceof Error ? (error.stack ?? summary(error)) : `Thrown: ${String(error)}`]
  }
  const lines = [`${error.name} [${error.code}]: ${error.message}`]
  for (const fault of error.faults) lines.push(`  at    ${fault.path}: ${fault.message}`)
  if (error.path.length > 0) lines.push(`  path  ${error.path.join(' → ')}`)
  if (error.hint) lines.push(`  hint  ${error.hint}`)
  lines.push(`  help  ${error.help}`)
  return lines
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

function summary(error: unknown): string {
  if (error instanceof LimberError) return `${error.name} [${error.code}]: ${error.message}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
