/** @module Notices that the database has ended a transaction by itself, as SQLite does when the disk is full. */

/**
 * Whether no transaction is open on a connection that can tell. Only SQLite ends transactions without being asked, and
 * goes on as if each statement were one; its client knows.
 */
export function hasLostTransaction(connection: object): boolean {
  const client: unknown = Reflect.get(connection, 'database')
  return typeof client === 'object' && client !== null && Reflect.get(client, 'inTransaction') === false
}
