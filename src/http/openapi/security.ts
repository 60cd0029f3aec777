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
    const names = (options.guards ?? []).flatMap(({ name, scheme }) =>
      scheme ? this.#nameOf(name, scheme, signature) : [],
    )
    return names.length > 0 ? [Object.fromEntries(names.map((name) => [name, []]))] : undefined
  }

  get all(): NonNullable<Components['securitySchemes']> {
    const schemes = [...this.#schemes].map(([name, { scheme }]) => [name, scheme] as const)
    return Object.fromEntries(schemes.sort(([a], [b]) => (a < b ? -1 : 1)))
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
