/** @module Why workers cannot serve. */
import type { ProcessMemory } from '../../application/ports/process-memory.ts'
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class ProcessMemoryError extends LimberError {
  readonly code = 'LIMBER_PROCESS_MEMORY'
  readonly kind: ErrorKind = 'invalid'

  constructor(workers: number, memories: readonly ProcessMemory[]) {
    const names = memories.map(({ name }) => name).join(', ')
    super(`${workers} workers cannot serve this application, since each would have its own: ${names}.`, {
      hint: [...memories.map(({ hint }) => hint), 'Or serve with one worker.'].join(' '),
    })
  }
}

export class WorkersFailedError extends LimberError {
  readonly code = 'LIMBER_WORKERS_FAILED'
  readonly kind: ErrorKind = 'internal'

  constructor(count: number, last: string) {
    super(`${count} workers in a row did not get as far as listening; the last one ${last}.`, {
      hint: 'What they have printed says why; limber serve without --workers shows it once.',
    })
  }
}
