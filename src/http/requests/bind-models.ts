/** @module Replaces the parameters of a path that name rows by these rows. */
import type { Application } from '../../application/application.ts'
import { InvalidRouteError } from '../routing/errors.ts'
import { bindingOf } from '../routing/model-bindings.ts'
import type { Route } from '../routing/route.ts'

/** The rows of a request, by parameter; they are found one after the other, in the order of the path. */
export type BindModels = (written: Readonly<Record<string, string>>) => Promise<Record<string, object>>

/**
 * Gives what finds the rows of a route, or undefined when it has none.
 *
 * @throws {InvalidRouteError} when nobody can find them
 */
export function modelsOf(route: Route, app: Application): BindModels | undefined {
  const bindings = Object.entries(route.options.bind ?? {})
  if (bindings.length === 0) return undefined
  const finders = bindings.map(([name, entry]) => {
    const binding = bindingOf(entry)
    return { name, binding, binder: binderFor(route, name, binding, app) }
  })
  return async (written) => {
    const found: Record<string, object> = {}
    for (const { name, binding, binder } of finders) {
      const owner = binding.of === undefined ? undefined : found[binding.of]
      found[name] = await binder.find(binding, written[name] ?? '', owner)
    }
    return found
  }
}

function binderFor(route: Route, name: string, binding: ReturnType<typeof bindingOf>, app: Application) {
  const binders = app.tagged('model binder')
  const objections: string[] = []
  for (const binder of binders) {
    const objection = binder.objection(binding)
    if (objection === undefined) return binder
    objections.push(objection)
  }
  const reason = objections[0] ?? 'no provider of this application can find models.'
  const hint = `Correct bind.${name}, or list DatabaseServiceProvider in config/app.ts.`
  throw new InvalidRouteError(route.signature, route.label, reason, hint)
}
