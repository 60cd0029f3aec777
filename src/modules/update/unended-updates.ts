/** @module Why modules cannot be loaded whose update was killed and cannot be ended. */
import type { Application } from '../../application/application.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { ModuleStepError } from '../errors.ts'
import { ModuleUpdateBusyError } from './errors.ts'
import { recoverUpdates } from './recover-updates.ts'

/** Ends what can be ended, and gives for every other module what is in the way. */
export async function unendedUpdates(app: Application): Promise<ReadonlyMap<string, LimberError>> {
  const unended = new Map<string, LimberError>()
  for (const update of await recoverUpdates(app)) {
    const { module, outcome } = update
    if (outcome === 'busy') unended.set(module, new ModuleUpdateBusyError(module, update.holder))
    else if (outcome === 'failed') unended.set(module, explained(module, update.error))
    else
      app.make('log').warn({ module }, `The update of module "${module}" had been cut off; ${ENDS[outcome]}.`)
  }
  return unended
}

const ENDS = { finished: 'it is finished now', restored: 'code and database are as they were before it' }

function explained(module: string, error: unknown): LimberError {
  return error instanceof LimberError ? error : new ModuleStepError(module, 'the end of its update', error)
}
