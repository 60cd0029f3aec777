/** @module SQLite's name for a database in memory, and which connections of a configuration have one. */
import type { DatabaseConfig } from '../database-config.ts'

export const IN_MEMORY = ':memory:'

/** The connections whose database ends with the process, as far as it is known without loading anything. */
export function inMemoryConnections({ connections }: DatabaseConfig): string[] {
  const isInMemory = (entry: DatabaseConfig['connections'][string]) =>
    typeof entry === 'string' ? /^sqlite:(\/\/)?:memory:$/i.test(entry) : entry.isInMemory === true
  return Object.keys(connections).filter((name) => {
    const entry = connections[name]
    return entry !== undefined && isInMemory(entry)
  })
}
