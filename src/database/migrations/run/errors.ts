/** @module What can go wrong when migrations are run. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'
import { maskSecrets } from '../../../support/mask-secrets.ts'
import { messageOf } from '../../../support/message-of.ts'
import { suggest } from '../../../support/suggest.ts'
import type { Progress } from './progress.ts'
import { faultsOf, shorten } from './statement-faults.ts'

export class MigrationLockedError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_LOCKED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(label: string, milliseconds: number, holder: string | undefined) {
    const who = holder ? `${holder} still migrates it` : 'another process still migrates it'
    super(`The database ${maskSecrets(label)} was not free within ${milliseconds / 1_000} s: ${who}.`, {
      hint: 'Wait for it and run the command again, give it longer with --wait <seconds>, or end the other one.',
    })
  }
}

export class LedgerRefusedError extends LimberError {
  readonly code = 'LIMBER_LEDGER_REFUSED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(table: string, cause: unknown) {
    const reason = messageOf(cause)
    super(`The table ${table}, which remembers what is applied, cannot be made: ${reason}`, {
      hint: 'Let this user create and alter tables, or migrate as one who may.',
      cause,
    })
  }
}

export class MigrationNameError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_NAME'
  readonly kind: ErrorKind = 'invalid'

  constructor(written: string, names: readonly string[], matches: readonly string[]) {
    const near = suggest(written, names)
    super(
      matches.length > 1
        ? `"${written}" begins the names of ${matches.length} migrations: ${matches.join(', ')}.`
        : `There is no migration "${written}" to stop at.`,
      {
        hint: near
          ? `Did you mean "${near}"?`
          : 'Give the name of a migration, or how it begins; limber db status lists them.',
      },
    )
  }
}

export class MigrationOverError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_OVER'
  readonly kind: ErrorKind = 'conflict'

  constructor() {
    super(
      'A migration wanted to go on behind its end, or that of a batch; the statement was not carried out.',
      {
        hint: 'Await everything that up(), down() and the work of a batch begin.',
      },
    )
  }
}

export class MigrationRangeError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_RANGE'
  readonly kind: ErrorKind = 'invalid'

  constructor() {
    super('Both --to and --step were given.', { hint: 'Give one of them.' })
  }
}

export class ForceNeededError extends LimberError {
  readonly code = 'LIMBER_FORCE_NEEDED'
  readonly kind: ErrorKind = 'conflict'

  constructor(command: string, loss: string) {
    super(`limber ${command} does not run in production by itself: ${loss}`, {
      hint: 'Migrate forward instead; to do it all the same, add --force.',
    })
  }
}

export class OutsideOfSchemaError extends LimberError {
  readonly code = 'LIMBER_OUTSIDE_OF_SCHEMA'
  readonly kind: ErrorKind = 'conflict'

  constructor(schema: string, lost: readonly string[]) {
    super(
      `Other schemas depend on what is in "${schema}", and would lose: ${lost.join(', ')}. Nothing was dropped.`,
      {
        hint: 'Take these dependencies away first, or drop the tables by hand.',
      },
    )
  }
}

export class BackupFailedError extends LimberError {
  readonly code = 'LIMBER_BACKUP_FAILED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(folder: string, cause: unknown) {
    const reason = messageOf(cause)
    super(`No copy of the database could be made in ${folder}, so nothing was done to it: ${reason}`, {
      hint: 'Make room and give this user the right to write there; without a copy, add --no-backup.',
      cause,
    })
  }
}

export class MigrationInterruptedError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_INTERRUPTED'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, left: Progress) {
    const { direction, done, started } = left
    const statements = done.length === 1 ? '1 statement' : `${done.length} statements`
    const doubt = started === undefined ? '' : ' Whether the one behind them was carried out is not known.'
    super(`${migration} was interrupted in ${direction}() after ${statements}, which stay.${doubt}`, {
      path: [migration, `${direction}()`],
      faults: faultsOf(left, undefined),
      hint: `Go on behind them with: limber db ${direction === 'up' ? 'migrate' : 'rollback'} --resume`,
    })
  }
}

export class ResumeError extends LimberError {
  readonly code = 'LIMBER_RESUME'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, number: number, done: string, written: string | undefined) {
    super(`${migration} cannot go on: statement ${number} is not the one that was carried out.`, {
      path: [migration],
      faults: [
        { path: 'carried out', message: shorten(done) },
        { path: 'in the file', message: written === undefined ? 'nothing' : shorten(written) },
      ],
      hint: 'Change only what comes behind the statements that were carried out.',
    })
  }
}

export class BatchError extends LimberError {
  readonly code = 'LIMBER_BATCH'
  readonly kind: ErrorKind = 'invalid'

  constructor(name: string, reason: string, hint: string) {
    super(`The batches "${name}" cannot be run: ${reason}`, { hint })
  }
}
