/** @module The names that modules may have. */
import { MODULE_NAME } from '../../support/module-name.ts'

export const LONGEST_NAME = 40

/** What databases and systems keep for themselves, as schemas, databases or files. */
const RESERVED = new Set([
  'public',
  'postgres',
  'mysql',
  'sys',
  'information-schema',
  'performance-schema',
  'constructor',
  'con',
  'prn',
  'aux',
  'nul',
])

/** Gives why a module cannot have a name, as a sentence goes on, or undefined when it can. */
export function objectionToName(name: string): string | undefined {
  if (!MODULE_NAME.test(name)) {
    return 'it has to be lower case words with dashes between them, such as "user-points"'
  }
  if (name.length > LONGEST_NAME) {
    return `it has ${name.length} characters; ${LONGEST_NAME} are the most, since it also names a database`
  }
  if (RESERVED.has(name) || name.startsWith('pg-') || /^(com|lpt)\d$/.test(name)) {
    return 'this name is reserved for databases and systems'
  }
  return undefined
}
