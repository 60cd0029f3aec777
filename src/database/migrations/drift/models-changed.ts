/** @module Whether the models ask for something else than when the last migration was written. No database is asked. */
import type { Connection } from '../../connections/connection.ts'
import { describeModels, readRecordedSchema } from '../files/recorded-schema.ts'

/**
 * Gives undefined where it cannot be told: nothing is recorded, or it was recorded for another dialect.
 *
 * @throws {RecordedSchemaError}
 */
export function modelsChanged(connection: Connection, folder: string): boolean | undefined {
  const recorded = readRecordedSchema(folder)
  if (recorded?.dialect !== connection.driver.dialect) return undefined
  return describeModels(connection, recorded.migration).fingerprint !== recorded.fingerprint
}
