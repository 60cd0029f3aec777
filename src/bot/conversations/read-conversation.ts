/** @module From the class of a conversation to what it says of itself. */
import type { Constructor } from '../../support/class-of.ts'
import { isTimeSpan, TIME_SPAN } from '../../support/time-span.ts'
import { checkKinds, checkOptions, type Refusal } from '../handlers/check-options.ts'
import type { HandlerOptions, Role } from '../handlers/handler-options.ts'
import { type MethodKey, type MethodMarks, markedMethods } from '../handlers/method-marks.ts'
import { checkNames, nameOf, readOptions, refuseGenerator } from '../handlers/read-class.ts'
import { checkStateName } from '../state/stored-chat-state.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { Conversation } from './conversation.ts'
import { ConversationClassError } from './errors.ts'

export interface StepTaking {
  readonly step: string
  readonly kinds: readonly AnyUpdateKind[]
  readonly options: HandlerOptions
  /** The roles that it says itself. */
  readonly besides: readonly Role[] | undefined
}

export interface ReadConversation {
  readonly name: string
  readonly commands: readonly string[]
  /** Of what begins it. */
  readonly options: HandlerOptions
  /** A step is named several times when it takes several kinds of updates in different ways. */
  readonly steps: readonly StepTaking[]
  readonly cancel: readonly string[]
  readonly expiresIn: number | undefined
}

/** @throws {ConversationClassError} */
export function readConversation(type: Constructor, place: string): ReadConversation {
  const name = nameOf(type)
  const refuse: Refusal = (reason, hint) => new ConversationClassError(name, place, reason, hint)
  checkNames(type, refuse, ['cancel', 'expiresIn'])
  const options = readOptions(type, ['message'], refuse)
  if (!options.commands) throw refuse('no command begins it.', "Name one: static commands = ['new_book'].")
  const cancel: unknown = Reflect.get(type, 'cancel') ?? ['cancel']
  const steps = stepNames(type)
  for (const method of ['handle', ...steps]) refuseGenerator(type, method, refuse)
  refuseUnheard(type, steps, refuse)
  return {
    name,
    commands: options.commands,
    options,
    steps: steps.flatMap((step) => takingsOf(type, step, options, refuse)),
    cancel: cancelCommands(cancel, refuse),
    expiresIn: expiry(Reflect.get(type, 'expiresIn'), refuse),
  }
}

/** Every method is one, apart from the one that begins. */
function stepNames(type: Constructor): string[] {
  const names = new Set<string>()
  let part: object = type.prototype
  while (part !== Conversation.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(part)))
      if (typeof value === 'function' && name !== 'constructor' && name !== 'handle') names.add(name)
    // The class extends Conversation, so there is one.
    part = Object(Object.getPrototypeOf(part))
  }
  return [...names]
}

/** Refuses decorators where nothing asks for them: one that says who may begin would let everybody begin. */
function refuseUnheard(type: Constructor, steps: readonly string[], refuse: Refusal): void {
  const heard = new Set<MethodKey>(steps)
  const marked = [...markedMethods(type.prototype).keys()].filter((method) => !heard.has(method))
  const [method] = [...marked, ...markedMethods(type).keys()]
  if (method === undefined) return
  const reason = `"${String(method)}" has a decorator, and is no step.`
  if (method === 'handle')
    throw refuse(reason, 'Say it by statics of the class: static allowedFor, static limit.')
  throw refuse(reason, 'Make it a method of instances with a name of letters.')
}

function takingsOf(
  type: Constructor,
  step: string,
  { allowedFor }: HandlerOptions,
  refuse: Refusal,
): StepTaking[] {
  const marks: MethodMarks = markedMethods(type.prototype).get(step) ?? { handlers: [] }
  const state = stateOf(type, step, refuse)
  const takings = marks.handlers.length > 0 ? marks.handlers : [{ kinds: ['message'], options: {} }]
  return takings.map(({ kinds, options: said }) => {
    checkKinds(kinds, refuse)
    const roles = marks.allowedFor ?? allowedFor
    const options: object = {
      ...said,
      state,
      ...(roles && { allowedFor: roles }),
      ...(marks.limit && { limit: marks.limit }),
    }
    if ('state' in said)
      throw refuse(`step "${step}" names a state, and is one itself.`, 'Leave the state out.')
    checkOptions(options, kinds, refuse)
    return { step, kinds, options, besides: marks.allowedFor }
  })
}

function stateOf(type: Constructor, step: string, refuse: Refusal): string {
  const state = `${nameOf(type)}#${step}`
  try {
    checkStateName(state)
    return state
  } catch {
    throw refuse(
      `"${state}" cannot be the name of a state.`,
      'Give class and step names that have at most 63 letters together, and make helpers #private.',
    )
  }
}

function cancelCommands(cancel: unknown, refuse: Refusal): readonly string[] {
  if (Array.isArray(cancel) && cancel.length === 0) return []
  const given: object = { commands: cancel }
  checkOptions(given, ['message'], (reason, hint) => refuse(`cancel: ${reason}`, hint))
  return given.commands ?? []
}

function expiry(value: unknown, refuse: Refusal): number | undefined {
  if (value === undefined || (typeof value === 'number' && isTimeSpan(value))) return value
  throw refuse(`its expiresIn is ${String(value)}.`, `Give it ${TIME_SPAN}.`)
}
