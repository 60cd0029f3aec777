/** @module From a class to the handlers that it is, and that its methods are. */
import { types } from 'node:util'
import { type Constructor, isClass } from '../../support/class-of.ts'
import { suggest } from '../../support/suggest.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { checkKinds, checkOptions, OPTION_NAMES, type Refusal } from './check-options.ts'
import { HandlerClassError } from './errors.ts'
import {
  CallbackQueryHandler,
  ChannelPostHandler,
  ChosenInlineResultHandler,
  EditedChannelPostHandler,
  EditedMessageHandler,
  Handler,
  InlineQueryHandler,
  MessageHandler,
  PollAnswerHandler,
  PollHandler,
  PreCheckoutQueryHandler,
  ShippingQueryHandler,
  UpdateHandler,
} from './handler-classes.ts'
import type { HandlerOptions } from './handler-options.ts'

/** What a class says that it takes. */
export interface Taking {
  readonly kinds: readonly AnyUpdateKind[]
  readonly options: HandlerOptions
}

const KINDS: readonly (readonly [abstract new () => Handler, AnyUpdateKind])[] = [
  [MessageHandler, 'message'],
  [EditedMessageHandler, 'edited_message'],
  [ChannelPostHandler, 'channel_post'],
  [EditedChannelPostHandler, 'edited_channel_post'],
  [CallbackQueryHandler, 'callback_query'],
  [InlineQueryHandler, 'inline_query'],
  [ChosenInlineResultHandler, 'chosen_inline_result'],
  [ShippingQueryHandler, 'shipping_query'],
  [PreCheckoutQueryHandler, 'pre_checkout_query'],
  [PollHandler, 'poll'],
  [PollAnswerHandler, 'poll_answer'],
]

const OF_EVERY_CLASS: readonly string[] = ['length', 'name', 'prototype']

/** A word that would say who may do what, or how often, if anybody heard it. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['role', 'allowedFor'],
  ['allow', 'allowedFor'],
  ['allowed', 'allowedFor'],
  ['ratelimit', 'limit'],
])

export function isHandlerClass(type: Constructor): boolean {
  return type.prototype instanceof Handler
}

/** Whether a class can be run as a handler; one that cannot is there to be extended. */
export function isComplete(type: Constructor): boolean {
  return typeof Reflect.get(type.prototype, 'handle') === 'function'
}

/** Refuses a method of which nothing would run: what a generator gives has to be asked for its first value. */
export function refuseGenerator(type: Constructor, method: string | symbol, refuse: Refusal): void {
  const call: unknown = Reflect.get(type.prototype, method)
  if (!types.isGeneratorFunction(call)) return
  throw refuse(`"${String(method)}" is a generator.`, 'Nothing of it would run: remove the *.')
}

/**
 * Reads the statics of a handler class, those that it inherits too.
 *
 * @throws {HandlerClassError}
 */
export function readStatics(type: Constructor, place: string): Taking {
  const refuse: Refusal = (reason, hint) => new HandlerClassError(nameOf(type), place, reason, hint)
  checkNames(type, refuse, ['kinds'])
  refuseGenerator(type, 'handle', refuse)
  const kinds = kindsOf(type, refuse)
  return { kinds, options: readOptions(type, kinds, refuse) }
}

/** Reads those statics that are options. */
export function readOptions(
  type: Constructor,
  kinds: readonly AnyUpdateKind[],
  refuse: Refusal,
): HandlerOptions {
  const said = OPTION_NAMES.map((name) => [name, Reflect.get(type, name)] as const)
  const given: object = Object.fromEntries(said.filter(([, value]) => value !== undefined))
  checkOptions(given, kinds, refuse)
  const { filter } = given
  // A static method may ask for other statics by "this".
  return filter ? { ...given, filter: (incoming) => filter.call(type, incoming) } : given
}

export function nameOf(type: Constructor): string {
  return type.name || '(anonymous class)'
}

function kindsOf(type: Constructor, refuse: Refusal): readonly AnyUpdateKind[] {
  const kinds: unknown = Reflect.get(type, 'kinds')
  if (type.prototype instanceof UpdateHandler) {
    checkKinds(kinds, refuse)
    return kinds
  }
  if (kinds !== undefined) {
    throw refuse(
      'its class decides its kind, and it has static kinds.',
      'Leave them out, or extend UpdateHandler.',
    )
  }
  const kind = KINDS.find(([base]) => type.prototype instanceof base)?.[1]
  if (!kind)
    throw refuse('it extends none of the classes for a kind.', 'Extend MessageHandler or another one.')
  return [kind]
}

/** Refuses a static that is nearly an option: nobody would ever notice that it says nothing. */
export function checkNames(type: Constructor, refuse: Refusal, others: readonly string[]): void {
  const names = [...OPTION_NAMES, ...others]
  for (const name of staticsOf(type)) {
    if (names.includes(name)) continue
    const near = nearOption(name, names)
    if (near)
      throw refuse(`its static "${name}" is no option.`, `Did you mean "${near}"? Else give it another name.`)
  }
}

/** Methods and getters too, and those of classes that it extends; the classes of this kernel have none. */
function staticsOf(type: Constructor): readonly string[] {
  const parent: unknown = Object.getPrototypeOf(type)
  const own = Object.getOwnPropertyNames(type).filter((name) => !OF_EVERY_CLASS.includes(name))
  return isClass(parent) ? [...staticsOf(parent), ...own] : own
}

/** Short words are near to too many others: of these only another number or another case counts, and what others call it. */
function nearOption(name: string, names: readonly string[]): string | undefined {
  const bare = (word: string) => word.toLowerCase().replace(/s$/, '')
  const option = names.find((each) => bare(each) === bare(name)) ?? OTHER_WORDS.get(bare(name))
  return option ?? (name.length > 6 ? suggest(name, names) : undefined)
}
