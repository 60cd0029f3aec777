/** @module One operation of the document: everything that a route says of itself. */
import type { Route } from '../routing/route.ts'
import type { JsonSchema } from '../schemas/json-schema.ts'
import type { Components, Content, Operation, Parameter } from './document.ts'
import type { RoutePath } from './operation-ids.ts'
import { headerParametersOf, pathParametersOf, queryParametersOf } from './parameters.ts'
import { responsesOf, SharedResponses } from './responses.ts'
import type { RouteSchemas } from './route-schemas.ts'
import type { SchemaComponents, UsedSchema } from './schema-components.ts'
import { SecuritySchemes } from './security.ts'

export class Operations {
  readonly #schemas: SchemaComponents
  readonly #security = new SecuritySchemes()
  readonly #responses: SharedResponses

  constructor(schemas: SchemaComponents) {
    this.#schemas = schemas
    this.#responses = new SharedResponses(schemas)
  }

  /** @throws {ComponentConflictError} when guards of one name have different schemes */
  describe({ route, template }: RoutePath, operationId: string, schemas: RouteSchemas): Operation {
    const { summary, description, deprecated, body, tags = defaultTags(route.path) } = route.options
    const parameters = this.#parametersOf({ route, template }, schemas)
    const security = this.#security.requirementsOf(route)
    return {
      operationId,
      ...(summary !== undefined && { summary }),
      ...(description !== undefined && { description }),
      ...(tags.length > 0 && { tags }),
      ...(deprecated && { deprecated }),
      ...(security && { security }),
      ...(parameters.length > 0 && { parameters }),
      ...(body && { requestBody: { required: !isOptional(body), content: this.#json(schemas.body) } }),
      responses: responsesOf({ route, template }, this.#reply(route, schemas), this.#responses),
    }
  }

  /** What the operations have referred to. */
  get components(): Components {
    return {
      schemas: this.#schemas.all,
      responses: this.#responses.all,
      securitySchemes: this.#security.all,
    }
  }

  #parametersOf({ template }: RoutePath, { params, query, headers }: RouteSchemas): Parameter[] {
    return [
      ...pathParametersOf(template.parameters, params, this.#schemas),
      ...(query ? queryParametersOf(query, this.#schemas) : []),
      ...(headers ? headerParametersOf(headers, this.#schemas) : []),
    ]
  }

  /** What a success carries; undefined where the route does not say. */
  #reply({ verb, options }: Route, { response, stream }: RouteSchemas): Content | undefined {
    if (verb === 'SSE') return { 'text/event-stream': { schema: { type: 'string' } } }
    // The schema is that of one line.
    if (options.stream) return { 'application/x-ndjson': { schema: this.#schemaOf(stream) } }
    return options.response && this.#json(response)
  }

  #json(use: UsedSchema | undefined): Content {
    return { 'application/json': { schema: this.#schemaOf(use) } }
  }

  #schemaOf(use: UsedSchema | undefined): JsonSchema {
    return use ? this.#schemas.schemaOf(use) : {}
  }
}

/** The first part of the path that says what it is about. */
function defaultTags(path: string): readonly string[] {
  const about = path.split('/').find((segment) => /^[\w-]+$/.test(segment) && !/^(api|v\d+)$/.test(segment))
  return about === undefined ? [] : [about]
}

/** Whether a request may come without a body. */
function isOptional(body: NonNullable<Route['options']['body']>): boolean {
  try {
    const result = body['~standard'].validate(undefined)
    if (!(result instanceof Promise)) return result.issues === undefined
    result.catch(() => undefined)
    return false
  } catch {
    // Nobody has written it for this question.
    return false
  }
}
