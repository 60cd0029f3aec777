/** @module The handlers that an application lists in its configuration. */
import type { Application } from '../../application/application.ts'
import type { Lazy } from '../../application/define-app.ts'
import { type Constructor, isClass } from '../../support/class-of.ts'
import { HandlerClassError, HandlersFileError } from './errors.ts'
import { isComplete, isHandlerClass, nameOf } from './read-class.ts'
import { type FoundClass, handlersOf, isOfHandlers } from './register-handlers.ts'
import type { RegisteredHandler } from './registered-handler.ts'

const PLACE = 'config/bot.ts'

/**
 * Imports what is listed, and reads the handlers of it.
 *
 * @param entries each a class, or a function that imports the file of one or several
 * @throws {HandlerClassError} for a class that is no handler, or says of itself what cannot be
 * @throws {HandlersFileError} for a file that exports none
 */
export async function loadHandlers(app: Application, entries: readonly Lazy[]): Promise<RegisteredHandler[]> {
  const classes: FoundClass[] = []
  for (const [index, entry] of entries.entries()) {
    const place = `${PLACE} (handlers[${index}])`
    if (isClass(entry)) classes.push({ type: listed(entry, place), place })
    // What is no class is, by its type, a function that imports.
    else classes.push(...classesIn(await (entry as () => Promise<object>)(), place))
  }
  return handlersOf(app, eachOnce(classes), undefined)
}

/**
 * Finds the classes of handlers in what a file exports.
 *
 * @throws {HandlersFileError} when there are none
 */
export function classesIn(exports: object, place: string): FoundClass[] {
  const types = Object.values(exports).filter(isClass).filter(isOfHandlers)
  if (types.length === 0) throw new HandlersFileError(place)
  return types.map((type) => ({ type, place }))
}

/** A class may be exported by several files, and under several names. */
export function eachOnce(classes: readonly FoundClass[]): FoundClass[] {
  const byType = new Map<Constructor, FoundClass>()
  for (const found of classes) if (!byType.has(found.type)) byType.set(found.type, found)
  return [...byType.values()]
}

function listed(type: Constructor, place: string): Constructor {
  const fault = !isOfHandlers(type)
    ? 'it extends no handler class, and none of its methods has a decorator.'
    : isHandlerClass(type) && !isComplete(type)
      ? 'it has no method handle().'
      : undefined
  if (!fault) return type
  const hint =
    'Extend MessageHandler or another class of limber/bot and give it handle(), or put @command() above a method.'
  throw new HandlerClassError(nameOf(type), place, fault, hint)
}
