/** @module What can go wrong with the databases of modules, and with their tables. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
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

export class ModuleDatabaseNameError extends LimberError {
  readonly code = 'LIMBER_MODULE_DATABASE_NAME'
  readonly kind: ErrorKind = 'invalid'

  constructor(module: string, reason: string, hint: string) {
    super(`The module "${module}" cannot have a database: ${reason}`, { hint })
  }
}

export class ModuleDatabaseRefusedError extends LimberError {
  readonly code = 'LIMBER_MODULE_DATABASE_REFUSED'
  readonly kind: ErrorKind = 'unavailable'

  /** @param statement what an administrator can run */
  constructor(place: string, label: string, statement: string, cause?: unknown) {
    super(`The user of ${maskSecrets(label)} may not create or use ${place}, which is that of a module.`, {
      hint: `An administrator can run: ${statement}`,
      cause,
    })
  }
}

export class ModuleDatabaseDriverError extends LimberError {
  readonly code = 'LIMBER_MODULE_DATABASE_DRIVER'
  readonly kind: ErrorKind = 'invalid'

  constructor(label: string, hint: string) {
    super(`The modules cannot share ${maskSecrets(label)}: each of them needs a place of its own.`, {
      path: ['config/modules.ts', 'database'],
      hint,
    })
  }
}

export class ConnectionTakenError extends LimberError {
  readonly code = 'LIMBER_CONNECTION_TAKEN'
  readonly kind: ErrorKind = 'conflict'

  constructor(name: string) {
    super(`There is a connection "${name}" already.`, {
      hint: 'Give the new one another name, or remove the other one first.',
    })
  }
}

export class ConnectionClosedError extends LimberError {
  readonly code = 'LIMBER_CONNECTION_CLOSED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(name: string, cause?: unknown) {
    super(`The connection "${name}" is closed.`, {
      hint: 'End the work on it before it is closed; the connection of a module is closed when the module is unloaded.',
      cause,
    })
  }
}

export class ModelOfModuleError extends LimberError {
  readonly code = 'LIMBER_MODEL_OF_MODULE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(model: string, module: string) {
    super(`${model} belongs to the module "${module}", whose database is not open.`, {
      hint: 'Look whether the module is loaded, and whether databases of modules are switched on in config/modules.ts.',
    })
  }
}

export class ModelElsewhereError extends LimberError {
  readonly code = 'LIMBER_MODEL_ELSEWHERE'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string, home: string, asked: string) {
    super(`${model} is on the connection "${home}", and a session of "${asked}" was asked for it.`, {
      hint: `Ask a session of "${home}" for it, or use the methods of the model, which find their own.`,
    })
  }
}
