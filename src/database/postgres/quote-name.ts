/** @module Writes a name as PostgreSQL reads it. */

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
