/** @module Whether the limits of a route are ones that a parser, a timer or a queue can keep. */
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { InvalidRouteError } from './errors.ts'

/** @throws {InvalidRouteError} for the first that makes no sense */
export function checkLimits(
  route: { readonly signature: string; readonly label: string },
  limits: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || (Number.isInteger(value) && value > 0 && value <= LONGEST_TIMER)) continue
    const hint = `Give a whole number from 1 to ${LONGEST_TIMER}, or leave it out.`
    throw new InvalidRouteError(route.signature, route.label, `its ${name} cannot be ${value}.`, hint)
  }
}
