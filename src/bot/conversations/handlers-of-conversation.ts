/** @module From the class of a conversation to handlers: what begins it, its steps, and what leaves it. */
import type { Application } from '../../application/application.ts'
import type { Constructor } from '../../support/class-of.ts'
import type { HandlerOrigin, RegisteredHandler } from '../handlers/registered-handler.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import { Conversation } from './conversation.ts'
import { ConversationClassError } from './errors.ts'
import { type ReadConversation, readConversation } from './read-conversation.ts'
import { StepRunner } from './step-runner.ts'

export function isConversation(type: Constructor): boolean {
  return type.prototype instanceof Conversation
}

/**
 * Gives the handlers of a conversation; none for a class that is there to be extended.
 *
 * @throws {ConversationClassError}
 */
export function handlersOfConversation(
  type: Constructor,
  app: Application,
  origin: HandlerOrigin,
): RegisteredHandler[] {
  if (typeof Reflect.get(type.prototype, 'handle') !== 'function') return []
  const conversation = readConversation(type, origin.place)
  const runner = new StepRunner(app, type, conversation)
  return [
    begin(conversation, origin, runner),
    ...steps(conversation, origin, runner),
    ...cancel(conversation, origin, runner),
    unknownStep(conversation, origin, runner),
  ]
}

/**
 * Refuses two conversations of one module that have the same name: nobody could tell their states apart.
 *
 * @throws {ConversationClassError}
 */
export function refuseNamesakes(
  classes: readonly { readonly type: Constructor; readonly place: string }[],
): void {
  const names = new Set<string>()
  for (const { type, place } of classes.filter((found) => isConversation(found.type))) {
    if (names.has(type.name))
      throw new ConversationClassError(
        type.name,
        place,
        'there is another one with this name.',
        'Rename one of them: states are kept by the name.',
      )
    names.add(type.name)
  }
}

function begin(
  { name, options }: ReadConversation,
  origin: HandlerOrigin,
  runner: StepRunner,
): RegisteredHandler {
  const run = (incoming: IncomingUpdate) => runner.begin(incoming)
  return { name, ...origin, kinds: ['message'], options, run }
}

function steps(
  { name, steps: takings, commands }: ReadConversation,
  origin: HandlerOrigin,
  runner: StepRunner,
): RegisteredHandler[] {
  return takings.map(({ step, kinds, options, besides }) => {
    const run = (incoming: IncomingUpdate) => runner.step(incoming, step)
    return {
      name: `${name}.${step}`,
      ...origin,
      kinds,
      options,
      under: commands,
      ...(besides && { besides }),
      run,
    }
  })
}

function cancel(
  { name, cancel: commands }: ReadConversation,
  origin: HandlerOrigin,
  runner: StepRunner,
): RegisteredHandler[] {
  if (commands.length === 0) return []
  const run = (incoming: IncomingUpdate) => runner.cancel(incoming)
  const options = { commands, state: statesOf(name) }
  return [{ name: `${name} (cancel)`, ...origin, kinds: ['message'], options, run }]
}

/** Stands behind the steps: it takes what a step was waiting for that this version of the code does not have. */
function unknownStep(
  { name, steps: takings }: ReadConversation,
  origin: HandlerOrigin,
  runner: StepRunner,
): RegisteredHandler {
  const known = new Set(takings.map(({ step }) => step))
  const run = (incoming: IncomingUpdate) => runner.giveUp(incoming)
  return {
    name: `${name} (unknown step)`,
    ...origin,
    kinds: ['message', 'callback_query'],
    options: { state: statesOf(name, [...known]) },
    run,
  }
}

/** All states of a conversation, apart from those of these steps. */
function statesOf(name: string, known: readonly string[] = []): RegExp {
  const others = known.length > 0 ? `(?!(?:${known.map(escaped).join('|')})$)` : ''
  return new RegExp(`^${escaped(name)}#${others}`)
}

/** Of what stands in names, only this means something else in an expression. */
function escaped(name: string): string {
  return name.replaceAll('$', '\\$')
}
