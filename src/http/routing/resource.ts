/** @module The routes of a collection of things: list, create, show, change, delete. */
import type { Constructor } from '../../support/class-of.ts'
import type { HandlerOf } from './add-route.ts'
import { InvalidRouteError } from './errors.ts'
import type { ControllerSource, RouteHandler } from './handler.ts'
import type { HttpMethod } from './route.ts'
import type { Known, RouteOptions } from './route-options.ts'

const ACTIONS = {
  index: { method: 'GET', ofItem: false },
  store: { method: 'POST', ofItem: false },
  show: { method: 'GET', ofItem: true },
  update: { method: 'PATCH', ofItem: true },
  destroy: { method: 'DELETE', ofItem: true },
} as const

type Action = keyof typeof ACTIONS

/** The options of each action that there is. */
export type ResourceActions = { readonly [A in Action]?: RouteOptions }

type ResourceController<A extends ResourceActions> = {
  [Name in keyof A]: HandlerOf<A[Name] & RouteOptions>
}

type KnownActions<A> = {
  readonly [Name in keyof A]: Name extends Action ? Known<A[Name], RouteOptions> : never
}

/** Adds the routes of a collection. A controller that lacks an action, or does not fit its schemas, does not compile. */
export type AddResource = <A extends ResourceActions>(
  path: string,
  controller:
    | Constructor<ResourceController<NoInfer<A>>>
    | (() => Promise<Readonly<Record<string, Constructor<ResourceController<NoInfer<A>>>>>>),
  actions: A & KnownActions<A>,
) => void

export interface ResourceRoute {
  readonly method: HttpMethod
  readonly path: string
  readonly name: string
  readonly handler: RouteHandler
  readonly options: RouteOptions
}

/**
 * @param path that of one item: `/books/:book`
 * @throws {InvalidRouteError} when it does not end with a parameter
 */
export function actionsOf(
  path: string,
  controller: ControllerSource,
  actions: ResourceActions,
): ResourceRoute[] {
  const [, collection, item] = /^(.*)\/(:\w+)$/.exec(path) ?? []
  if (collection === undefined || item === undefined) {
    const hint = 'Write the path of one item: /books/:book.'
    throw new InvalidRouteError(`The resource ${path}`, path, 'it does not end with a parameter.', hint)
  }
  const nouns = collection.split('/').filter((segment) => segment !== '' && !segment.startsWith(':'))
  return Object.entries(actions).map(([action, options = {}]) => {
    if (!isAction(action)) {
      const hint = `A resource has ${Object.keys(ACTIONS).join(', ')}; add others with router.get() and its like.`
      throw new InvalidRouteError(`The resource ${path}`, path, `it has no action "${action}".`, hint)
    }
    const { method, ofItem } = ACTIONS[action]
    const name = [...nouns, action].join('.')
    return { method, path: ofItem ? path : collection || '/', name, handler: [controller, action], options }
  })
}

function isAction(name: string): name is Action {
  return Object.hasOwn(ACTIONS, name)
}
