/** @module Makes the paths and the components of an OpenAPI document from the routes. */
import type { Route } from '../routing/route.ts'
import type { JsonSchema } from '../schemas/json-schema.ts'
import type { Components, PathItem } from './document.ts'
import { OperationIds, type RoutePath } from './operation-ids.ts'
import { Operations } from './operations.ts'
import { templatesOf } from './path-template.ts'
import { Paths } from './paths.ts'
import { type RouteGap, type RouteSchemas, schemasOf } from './route-schemas.ts'
import { SchemaComponents } from './schema-components.ts'

/** What is in the document already. */
export interface Foreign {
  readonly paths: Readonly<Record<string, PathItem>>
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

export interface DescribedRoutes {
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: Components
  /** What the document does not say. */
  readonly gaps: readonly RouteGap[]
}

/** @throws {ComponentConflictError} when one name means two things */
export function describeRoutes(routes: readonly Route[], foreign: Foreign): DescribedRoutes {
  const entries = routes.filter(isDocumented).flatMap(pathsOf)
  const ids = new OperationIds(entries, operationIdsIn(foreign))
  const gaps: RouteGap[] = []
  const components = new SchemaComponents(Object.keys(foreign.schemas))
  const schemas = new Map<Route, RouteSchemas>()
  for (const entry of entries) {
    if (schemas.has(entry.route)) continue
    const parts = schemasOf(entry.route, ids.of(entry), gaps)
    for (const use of Object.values(parts)) if (use) components.note(use)
    schemas.set(entry.route, parts)
  }

  const operations = new Operations(components)
  const paths = new Paths(foreign.paths)
  for (const entry of entries) {
    const { route } = entry
    const template = paths.unify(entry.template)
    const operation = operations.describe({ route, template }, ids.of(entry), schemas.get(route) ?? {})
    paths.add(route, template.path, operation, gaps)
  }
  return { paths: paths.all, components: operations.components, gaps }
}

/** OpenAPI has no words for WebSockets. */
function isDocumented({ options, verb }: Route): boolean {
  return options.documented !== false && verb !== 'WS'
}

function pathsOf(route: Route): RoutePath[] {
  return templatesOf(route.path).map((template) => ({ route, template }))
}

function operationIdsIn({ paths }: Foreign): string[] {
  const operations = Object.values(paths).flatMap((item) => Object.values(item))
  return operations.flatMap(({ operationId }) => operationId ?? [])
}
