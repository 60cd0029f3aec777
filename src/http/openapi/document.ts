/** @module The parts of OpenAPI 3.1 that documents of routes consist of. */
import type { JsonSchema } from '../schemas/json-schema.ts'
import type { OpenApiServer, OpenApiTag } from './openapi-config.ts'

/** See https://spec.openapis.org/oas/v3.1.0.html. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly servers: readonly OpenApiServer[]
  readonly tags?: readonly OpenApiTag[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: Components
}

/** Operations by method, in lower case. */
export type PathItem = Readonly<Record<string, Operation>>

export interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly deprecated?: true
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Response | Reference>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly deprecated?: boolean
  readonly schema: JsonSchema
}

export interface Response {
  readonly description: string
  readonly content?: Content
}

/** Bodies by their media type. */
export type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>

export type Reference = { readonly $ref: string }

export interface Components {
  readonly schemas?: Readonly<Record<string, JsonSchema>>
  readonly responses?: Readonly<Record<string, Response>>
  readonly securitySchemes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
