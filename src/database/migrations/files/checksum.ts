/** @module What tells whether a migration is still the one that was applied: a checksum of its source. */
import { createHash } from 'node:crypto'

/** The same for the same text, whatever ends its lines: git writes them as the machine likes them. */
export function checksumOf(source: string): string {
  return createHash('sha256').update(source.replace(/\r\n?/g, '\n')).digest('hex')
}
