/** @module What query insight throws in tests. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

/** Where the same query ran too often: the model, the property it asks by, and the line of the application. */
export interface RepeatedQuery {
  readonly model: string
  readonly property: string | undefined
  readonly count: number
  readonly callSite: string | undefined
}

export class NPlusOneError extends LimberError {
  readonly code = 'LIMBER_N_PLUS_ONE'
  readonly kind: ErrorKind = 'internal'

  constructor({ model, property, count, callSite }: RepeatedQuery) {
    const by = property === undefined ? '' : ` by ${property}`
    super(`${model} was read${by} ${count} times by the same query in one scope.`, {
      path: callSite === undefined ? [] : [callSite],
      hint: "Read the rows together, with populate: ['…'] or one where; or call allowRepeatedQueries() if it has to be.",
    })
  }
}
