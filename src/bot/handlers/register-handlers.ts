/** @module From classes, and from the provider of a module, to handlers that can be run. */
import type { Application } from '../../application/application.ts'
import type { Constructor } from '../../support/class-of.ts'
import {
  handlersOfConversation,
  isConversation,
  refuseNamesakes,
} from '../conversations/handlers-of-conversation.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import { callMethod } from './call-method.ts'
import { checkKinds, checkOptions, type Refusal } from './check-options.ts'
import { HandlerClassError } from './errors.ts'
import { type MethodKey, type MethodMarks, markedMethods } from './method-marks.ts'
import { isComplete, isHandlerClass, nameOf, readStatics, refuseGenerator } from './read-class.ts'
import type { HandlerOrigin, RegisteredHandler } from './registered-handler.ts'

/** A class, and where it was found. */
export interface FoundClass {
  readonly type: Constructor
  readonly place: string
}

/** Whether a class is a handler, has methods that are, or is there to be extended by such. */
export function isOfHandlers(type: Constructor): boolean {
  return isHandlerClass(type) || isConversation(type) || hasMarkedMethods(type)
}

/** Whether methods of an object were made handlers. */
export function hasHandlerMethods(object: object): boolean {
  return hasMarkedMethods(classOf(object))
}

/**
 * Gives the handlers of classes, each made anew for each update.
 *
 * @param module undefined for the application
 * @throws {HandlerClassError}
 */
export function handlersOf(
  app: Application,
  classes: readonly FoundClass[],
  module: string | undefined,
): RegisteredHandler[] {
  refuseNamesakes(classes)
  const types = classes.map(({ type }) => type)
  return classes.flatMap(({ type, place }) => {
    const make = () => app.makeAsync<unknown>(type)
    refuseForgotten(type, types, place)
    if (isConversation(type)) return handlersOfConversation(type, app, { module, place })
    const isRunnable = isHandlerClass(type) && isComplete(type)
    const own = isRunnable ? [classHandler(type, make, { module, place })] : []
    return [...own, ...methodHandlers(type, make, { module, place }, types)]
  })
}

/** Gives the handlers that are methods of the provider of a module itself. */
export function handlersOfProvider(provider: object, module: string): RegisteredHandler[] {
  const place = `the provider of module "${module}"`
  return methodHandlers(classOf(provider), async () => provider, { module, place }, [])
}

type Make = () => Promise<unknown>

function classHandler(type: Constructor, make: Make, origin: HandlerOrigin): RegisteredHandler {
  const taking = readStatics(type, origin.place)
  const run = async (incoming: IncomingUpdate): Promise<unknown> => {
    const handler = await make()
    refuseFields(type, handler, origin)
    return callMethod(handler, 'handle', incoming)
  }
  return { name: nameOf(type), ...origin, ...taking, run }
}

/** Types refuse them; in JavaScript they are seen when the first object is there. */
function refuseFields(type: Constructor, handler: unknown, { place }: HandlerOrigin): void {
  const field = ['commands', 'allowedFor'].find((name) => Object.hasOwn(Object(handler), name))
  if (field === undefined) return
  throw new HandlerClassError(nameOf(type), place, `its "${field}" is a field.`, `Write: static ${field} = …`)
}

/** @param types a method that one of them inherits from this class is run on that one */
function methodHandlers(
  type: Constructor,
  make: Make,
  origin: HandlerOrigin,
  types: readonly Constructor[],
): RegisteredHandler[] {
  refuseStaticMethods(type, origin.place)
  const heirs = types.filter((other) => other.prototype instanceof type)
  const methods = [...markedMethods(type.prototype)].filter(
    ([method, marks]) => !heirs.some((heir) => markedMethods(heir.prototype).get(method) === marks),
  )
  return methods.flatMap(([method, marks]) => {
    const name = `${nameOf(type)}.${String(method)}`
    const refuse: Refusal = (reason, hint) => new HandlerClassError(name, origin.place, reason, hint)
    if (typeof Reflect.get(type.prototype, method) !== 'function') {
      throw refuse('it is no method.', 'Put the decorator above a method of the class.')
    }
    refuseGenerator(type, method, refuse)
    const takings = takingsOf(marks, refuse)
    return takings.map((taking) => ({ name, ...origin, ...taking, run: runner(make, method) }))
  })
}

function takingsOf({ handlers, allowedFor, limit }: MethodMarks, refuse: Refusal) {
  if (handlers.length === 0) {
    throw refuse('nothing says what it takes.', 'Add @command(), @message() or the like above it.')
  }
  return handlers.map(({ kinds, options }) => {
    checkKinds(kinds, refuse)
    const all: object = { ...options, ...(allowedFor && { allowedFor }), ...(limit && { limit }) }
    checkOptions(all, kinds, refuse)
    return { kinds, options: all }
  })
}

/** A class without handle() is there to be extended; one with commands that nobody extends was meant to have it. */
function refuseForgotten(type: Constructor, types: readonly Constructor[], place: string): void {
  if (!isHandlerClass(type) && !isConversation(type)) return
  if (isComplete(type) || Reflect.get(type, 'commands') === undefined) return
  if (types.some((other) => other.prototype instanceof type)) return
  const hint =
    'Give it handle() as a method: handle(message) { … }. A field comes with each object, too late.'
  throw new HandlerClassError(nameOf(type), place, 'it has commands, and no method handle().', hint)
}

function refuseStaticMethods(type: Constructor, place: string): void {
  const [method] = [...markedMethods(type)][0] ?? []
  if (method === undefined) return
  const hint = 'Make it a method of instances: remove static.'
  throw new HandlerClassError(`${nameOf(type)}.${String(method)}`, place, 'it is static.', hint)
}

function runner(make: Make, method: MethodKey) {
  return async (incoming: IncomingUpdate): Promise<unknown> => callMethod(await make(), method, incoming)
}

function hasMarkedMethods(type: Constructor): boolean {
  return markedMethods(type.prototype).size > 0 || markedMethods(type).size > 0
}

function classOf(object: object): Constructor {
  // Every object of a class has it in its constructor.
  return object.constructor as Constructor
}
