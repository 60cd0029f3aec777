/** @module Where errors go that nobody can be given any more. */
import type { Container } from '../container/container.ts'
import { printError } from '../errors/print-error.ts'
import { messageOf } from '../support/message-of.ts'
import type { Scope } from './scope.ts'

/** Logs an error with the scope it came from; without a log it is printed. */
export function reportError(container: Container, error: unknown, scope: Scope): void {
  if (!container.has('log')) {
    console.error(printError(error))
    return
  }
  container.make('log').error({ ...scope.facts, err: error }, messageOf(error))
}
