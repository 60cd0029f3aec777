/** @module From a list entry to a command: the class that a module exports. */
import type { Lazy } from '../application/define-app.ts'
import { isClass } from '../support/class-of.ts'
import type { CommandClass, LazyCommand } from './command.ts'
import { CommandClassError } from './errors.ts'

/**
 * Imports the class of a command.
 *
 * @throws {CommandClassError} when its module exports none with this name
 */
export async function loadCommand({ definition, load }: LazyCommand): Promise<CommandClass> {
  const classes = commandClasses(await load())
  const found = classes.find((type) => type.definition.name === definition.name)
  if (found) return found
  throw new CommandClassError(
    `The module of "${definition.name}"`,
    'it exports no class with this definition',
  )
}

/**
 * Gives the command classes of one entry of the `commands` of an application: a class, or the import of its file.
 *
 * @throws {CommandClassError} when there are none
 */
export async function commandClassesOf(entry: Lazy, place: string): Promise<CommandClass[]> {
  if (isCommandClass(entry)) return [entry]
  if (isClass(entry)) throw new CommandClassError(`${entry.name} in ${place}`, 'it has no static definition')
  // What is no class is, by its type, a function that imports.
  const classes = commandClasses(await (entry as () => Promise<object>)())
  if (classes.length > 0) return classes
  throw new CommandClassError(place, 'the module exports no class with a static definition')
}

function commandClasses(module: object): CommandClass[] {
  return Object.values(module).filter(isCommandClass)
}

function isCommandClass(value: unknown): value is CommandClass {
  return (
    isClass(value) &&
    'definition' in value &&
    typeof value.definition === 'object' &&
    value.definition !== null &&
    'name' in value.definition &&
    typeof value.prototype?.run === 'function'
  )
}
