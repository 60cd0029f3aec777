/** @module How clients show who they are: the schemes of the guards of routes. */
import type { Guard } from '../../application/ports/guard.ts'
import type { Route } from '../routing/route.ts'
import type { Components, Operation } from './document.ts'
import { ComponentConflictError } from './errors.ts'

export class SecuritySchemes {
  readonly #schemes = new Map<
    string,
    { readonly scheme: NonNullable<Guard['scheme']>; readonly route: string }
  >()

  /**
   * What a client needs for a route: everything that its guards ask for, since each of them has to let it pass.
   *
   * @throws {ComponentConflictError} when guards of one name have different schemes
   */
  requirementsOf({ options, signature }: Route): Operation['security'] {
    let ways: string[][] = [[]]
    for (const guard of options.guards ?? []) {
      const choices = this.#waysOf(guard, signature)
      ways = ways.flatMap((names) => choices.map((added) => [...names, ...added]))
    }
    const asked = ways.filter((names) => names.length > 0)
    if (asked.length === 0) return undefined
    return ways.map((names) => Object.fromEntries(names.map((name) => [name, []])))
  }

  get all(): NonNullable<Components['securitySchemes']> {
    const schemes = [...this.#schemes].map(([name, { scheme }]) => [name, scheme] as const)
    return Object.fromEntries(schemes.sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The names of the schemes that let a client pass a guard, one list for each choice. */
  #waysOf({ name, scheme, anyOf }: Guard, route: string): string[][] {
    if (anyOf) return anyOf.flatMap((guard) => this.#waysOf(guard, route))
    return [scheme ? [this.#nameOf(name, scheme, route)] : []]
  }

  #nameOf(name: string, scheme: NonNullable<Guard['scheme']>, route: string): string {
    const component = name.replace(/[^\w.-]/g, '_')
    const known = this.#schemes.get(component) ?? { scheme, route }
    if (JSON.stringify(known.scheme) !== JSON.stringify(scheme)) {
      throw new ComponentConflictError('security schemes', component, known.route, route)
    }
    this.#schemes.set(component, known)
    return component
  }
}
