/** @module Names what the ORM cannot read back, when it fails over it. */
import type { Connection } from '../../connections/connection.ts'
import { SchemaNotRepresentableError } from './errors.ts'
import { takeSnapshot } from './snapshots/take-snapshot.ts'

/** @throws {SchemaNotRepresentableError} when the reading fails, and something has a name or a form that explains it */
export async function namingUnreadable<T>(connection: Connection, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    // Only there a statement may follow one that has failed, and only there such names are known.
    if (connection.driver.dialect !== 'sqlite') throw error
    const { unreadable } = await takeSnapshot(connection)
    if (unreadable.length === 0) throw error
    const reason = error instanceof SchemaNotRepresentableError ? error.cause : error
    const names = unreadable.map((name) => `"${name}"`).join(', ')
    throw new SchemaNotRepresentableError(`What the migrations call ${names} cannot be read back`, reason)
  }
}
