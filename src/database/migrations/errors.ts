/** @module What can go wrong with migrations that are applied or taken back. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import type { Dialect } from '../connections/driver.ts'
import type { Progress } from './run/progress.ts'
import { faultsOf } from './run/statement-faults.ts'

export class IrreversibleMigrationError extends LimberError {
  readonly code = 'LIMBER_IRREVERSIBLE_MIGRATION'
  readonly kind: ErrorKind = 'conflict'

  /** @param reason when it was known as the migration was written */
  constructor(migration: string, reason?: string) {
    super(
      reason
        ? `${migration} cannot be taken back: ${reason}`
        : `${migration} does not say how it is taken back.`,
      {
        hint: 'Write its down() method, or migrate forward.',
      },
    )
  }
}

export interface FailureFacts {
  readonly cause: unknown
  /** What stays of it, where it was not undone as a whole. */
  readonly left?: Progress | undefined
  /** The statement that failed, if it was one. */
  readonly failed?: string | undefined
}

export class MigrationFailedError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_FAILED'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, direction: 'up' | 'down', { cause, left, failed }: FailureFacts) {
    const done = direction === 'up' ? 'applied' : 'taken back'
    const command = direction === 'up' ? 'migrate' : 'rollback'
    super(`${migration} failed in ${direction}(): ${messageOf(cause)}`, {
      path: [migration, `${direction}()`],
      faults: left ? faultsOf(left, failed) : [],
      hint: left
        ? `What was carried out stays (MySQL and MariaDB commit with each statement that changes the schema), and nothing behind it was: correct the rest of the file and go on with: limber db ${command} --resume`
        : `Nothing of it was ${done}: correct the file and run the command again.`,
      cause,
    })
  }
}

export class MigrationDialectError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_DIALECT'
  readonly kind: ErrorKind = 'conflict'

  constructor(written: Dialect, dialect: Dialect, cause: MigrationFailedError) {
    super(`The migrations were written for ${written}, and this database is ${dialect}: ${cause.message}`, {
      path: cause.path,
      hint: 'Give this kind of database a folder of its own (migrations in config/database.ts), and begin there with: limber db init',
      cause,
    })
  }
}

export class MigrationMissingError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_MISSING'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, folder: string) {
    super(`${migration} is applied, but its file is not in ${folder}.`, {
      hint: 'Bring the file back, for example from the branch it was applied from.',
    })
  }
}

export class ForeignKeyCheckError extends LimberError {
  readonly code = 'LIMBER_FOREIGN_KEY_CHECK'
  readonly kind: ErrorKind = 'conflict'

  constructor(violations: readonly { table: string; parent: string; count: number }[]) {
    const list = violations.map(
      ({ table, parent, count }) => `${count} of "${table}" without their "${parent}"`,
    )
    super(`Rows would be left without the row they refer to: ${list.join(', ')}.`, {
      hint: 'Move or delete these rows in the migration, before what they refer to goes.',
    })
  }
}

export class LedgerChangedError extends LimberError {
  readonly code = 'LIMBER_LEDGER_CHANGED'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, table: string) {
    super(`${migration} was no longer in ${table} when it was to be taken out.`, {
      hint: `Leave ${table} to the commands: no migration may write to it.`,
    })
  }
}

export class MigrationStepError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_STEP'
  readonly kind: ErrorKind = 'invalid'

  constructor(step: number) {
    super(`${step} is no number of migrations.`, { hint: 'Give --step a number from 1, or leave it out.' })
  }
}
