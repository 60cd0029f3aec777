/** @module Whether two handlers can both be meant by one command. */
import { fitsText } from './fits-text.ts'
import type { RegisteredHandler } from './registered-handler.ts'

/** Gives a command that both take, where nothing tells which of them it is for. */
export function sharedCommand(one: RegisteredHandler, other: RegisteredHandler): string | undefined {
  const meet =
    haveCommon(one.kinds, other.kinds) &&
    haveCommon(one.options.chats, other.options.chats) &&
    statesMeet(one, other)
  return meet ? one.options.commands?.find((name) => other.options.commands?.includes(name)) : undefined
}

/** What a handler does not say, it takes all of. */
function haveCommon<T>(some: readonly T[] | undefined, others: readonly T[] | undefined): boolean {
  return !some || !others || some.some((each) => others.includes(each))
}

/** A handler with a state comes before one without, so these two never meet; and each module has states of its own. */
function statesMeet(one: RegisteredHandler, other: RegisteredHandler): boolean {
  const [some, others] = [statesOf(one), statesOf(other)]
  if (!some || !others) return some === others
  return (
    one.module === other.module && some.some((state) => others.some((another) => canBoth(state, another)))
  )
}

/** Whether one state can be meant by both; different expressions are held to have nothing in common, as those of two conversations. */
function canBoth(state: State, another: State): boolean {
  if (typeof state === 'string') return fitsText(another, state)
  return typeof another === 'string' ? fitsText(state, another) : String(state) === String(another)
}

type State = string | RegExp

export function statesOf({ options: { state } }: RegisteredHandler): readonly State[] | undefined {
  return typeof state === 'string' || state instanceof RegExp ? [state] : state
}
