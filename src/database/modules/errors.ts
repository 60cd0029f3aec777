/** @module What can go wrong with the tables of modules. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'

export class ModuleTablesError extends LimberError {
  readonly code = 'LIMBER_MODULE_TABLES'
  readonly kind: ErrorKind = 'conflict'

  constructor(module: string, reason: string, cause?: unknown) {
    super(`The tables of "${module}" cannot be made to fit its models: ${reason}`, {
      hint: `Write migrations, the first one for the version whose tables are there: limber db makemigrations --module ${module} --message "…"`,
      cause,
    })
  }
}

export class ModuleBaselineError extends LimberError {
  readonly code = 'LIMBER_MODULE_BASELINE'
  readonly kind: ErrorKind = 'conflict'

  /** @param version of the models that the tables were made from */
  constructor(module: string, version: string, first: string, cause: unknown) {
    super(
      `The tables of "${module}" were made from its models of ${version}, and its first migration, ${first}, does not go on from there: ${messageOf(cause)}`,
      {
        hint: `Update "${module}" first to a release that makes ${first} from its models; its author can add a migration ${version} that creates the tables as they were then.`,
        cause,
      },
    )
  }
}

export class ModuleVersionTakenError extends LimberError {
  readonly code = 'LIMBER_MODULE_VERSION_TAKEN'
  readonly kind: ErrorKind = 'conflict'

  constructor(module: string, version: string, isThere: boolean) {
    super(
      `Version ${version} of "${module}" ${isThere ? 'has its migration' : 'counts as applied in this database'}: another one would not be applied.`,
      { hint: 'Raise "version" in its module.yaml, and run the command again.' },
    )
  }
}
