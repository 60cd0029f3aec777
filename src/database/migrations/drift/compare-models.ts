/** @module What separates the models from the migrations: as statements where that can be found out, else as a yes or no. */
import { messageOf } from '../../../support/message-of.ts'
import { ModelFileError } from '../../errors.ts'
import { MigrationFailedError } from '../errors.ts'
import { MigrationFileError } from '../files/errors.ts'
import type { Migrations } from '../migrations.ts'
import { RenameUndecidedError, SchemaNotRepresentableError } from '../schema/errors.ts'
import { modelsChanged } from './models-changed.ts'

export interface ModelComparison {
  /** Undefined when it cannot be told. */
  readonly differ: boolean | undefined
  /** What `makemigrations` would write; empty also when the server does not answer. */
  readonly statements: readonly string[]
  /** What is to be known of the statements, or why they, or the whole answer, are missing. */
  readonly reason?: string
}

/** With these the migrations or the models themselves are at fault, and a record would hide it. */
const FAULTS = [MigrationFileError, MigrationFailedError, SchemaNotRepresentableError, ModelFileError]

/** Compares on a scratch database, and with the recorded schema where none can be made. */
export async function compareModels(
  migrations: Migrations,
  connection: string | undefined,
): Promise<ModelComparison> {
  try {
    const { up, warnings } = await migrations.diff(connection)
    const reason = warnings.length > 0 ? { reason: warnings.join('\n') } : {}
    return { differ: up.length > 0, statements: up, ...reason }
  } catch (error) {
    const reason = messageOf(error)
    if (error instanceof RenameUndecidedError) {
      const flags = error.faults.map(({ path, message }) => `${path}: ${message}`)
      return { differ: true, statements: [], reason: [reason, ...flags].join('\n') }
    }
    if (FAULTS.some((type) => error instanceof type)) return { differ: undefined, statements: [], reason }
    return compareWithRecord(migrations, connection, `No scratch database could be used: ${reason}`)
  }
}

/** Compares with the recorded schema alone. */
export function compareWithRecord(
  migrations: Migrations,
  connection: string | undefined,
  why: string,
): ModelComparison {
  try {
    const differ = modelsChanged(migrations.connection(connection), migrations.files.folder)
    const answer =
      differ === undefined ? 'No schema is recorded for this database.' : 'The recorded schema was compared.'
    return { differ, statements: [], reason: `${why} ${answer}` }
  } catch (error) {
    return { differ: undefined, statements: [], reason: `${why} ${messageOf(error)}` }
  }
}
