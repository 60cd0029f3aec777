/** @module One or more changes of the models that go into one migration. */
import { Choices } from './choices.ts'
import { type ColumnType, copyOf, fillNewColumns, isAccepted, type State, takenBack } from './description.ts'
import { CHANGES, type Kind } from './kinds.ts'
import { isConsistent } from './places.ts'

export interface PlannedChange {
  readonly kind: Kind
  /** Where and how, as far as there is a choice. */
  readonly seed: number
}

export interface Step {
  readonly next: State
  readonly kinds: readonly Kind[]
  /** In words, for the reader of a counterexample. */
  readonly words: string
  /** What the developer answers to the questions of makemigrations. */
  readonly answers: readonly string[]
}

const ATTEMPTS = 20

/** The changes that can be made of those that are planned, each in one of a few places. */
export function stepOf(state: State, planned: readonly PlannedChange[]): Step | undefined {
  let next = state
  const kinds: Kind[] = []
  const words: string[] = []
  for (const { kind, seed } of planned) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const tried = copyOf(next)
      const made = CHANGES[kind](tried, new Choices(seed + attempt))
      if (made === undefined || !isPossible(state, tried)) continue
      next = tried
      kinds.push(kind)
      words.push(made)
      break
    }
  }
  if (kinds.length === 0) return undefined
  const filled = copyOf(next)
  fillNewColumns(filled)
  return { next: filled, kinds, words: words.join(', and '), answers: answersFor(state, next) }
}

/** Whether the framework accepts the models, and the rows the change and the way back. */
function isPossible(before: State, after: State): boolean {
  const filled = copyOf(after)
  fillNewColumns(filled)
  return (
    isAccepted(after) &&
    isConsistent(filled) &&
    isConsistent(takenBack(before, filled)) &&
    keepsIdentities(before.tables, after.tables) &&
    pairs(before, after).every(([old, now]) => keepsIdentities(old.columns, now.columns))
  )
}

interface Named {
  readonly identity: number
  readonly name: string
  readonly type?: ColumnType
}

/** A name that goes over to something else, and a name and a kind of type that change at once, look like a loss. */
function keepsIdentities(before: readonly Named[], after: readonly Named[]): boolean {
  return after.every(({ identity, name, type }) => {
    const owner = before.find((each) => each.name === name)
    const old = before.find((each) => each.identity === identity)
    const isSame = old === undefined || old.name === name || familyOf(old.type) === familyOf(type)
    return isSame && (owner === undefined || owner.identity === identity)
  })
}

function familyOf(type: ColumnType | undefined): string | undefined {
  if (type === 'string' || type === 'short' || type === 'text') return 'text'
  return type === 'datetime' ? 'time' : type && 'number'
}

function pairs(before: State, after: State) {
  return before.tables.flatMap((old) => {
    const now = after.tables.find(({ identity }) => identity === old.identity)
    return now ? [[old, now] as const] : []
  })
}

/** Says what was renamed, and what was dropped while something else is new. */
function answersFor(before: State, after: State): string[] {
  return [
    ...answersAbout(before.tables, after.tables, ''),
    ...pairs(before, after).flatMap(([old, now]) => answersAbout(old.columns, now.columns, `${old.name}.`)),
  ]
}

function answersAbout(before: readonly Named[], after: readonly Named[], prefix: string): string[] {
  const gains = after.some(({ name }) => before.every((old) => old.name !== name))
  return before.flatMap(({ identity, name }) => {
    const now = after.find((each) => each.identity === identity)
    if (now?.name === name) return []
    if (now) return ['--rename', `${prefix}${name}=${now.name}`]
    return gains ? ['--drop', `${prefix}${name}`] : []
  })
}
