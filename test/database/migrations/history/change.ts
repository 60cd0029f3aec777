/** @module What a change of the models is. */
import type { Choices } from './choices.ts'
import type { State } from './description.ts'

/** Changes a description and says so in words; gives nothing where there is no place for it. */
export type MakeChange = (state: State, choices: Choices) => string | undefined
