/** @module What a change of the models is. */
import type { Choices } from './choices.ts'
import type { State } from './description.ts'

export interface Change {
  /** In words, for the reader of a counterexample. */
  readonly words: string
  /** What the developer answers to the questions of makemigrations. */
  readonly answers?: readonly string[]
}

/** Changes a description; gives nothing where there is no place for it. */
export type MakeChange = (state: State, choices: Choices) => Change | undefined
