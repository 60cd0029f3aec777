/** @module The `openapi` part of the HTTP configuration. */
import type { Guard } from '../../application/ports/guard.ts'

export interface OpenApiConfig {
  /** What the interface is called; default: the name of the application. */
  readonly title?: string
  /** Its version, not that of OpenAPI; default: that of the application's package.json, else 0.0.0. */
  readonly version?: string
  /** What it is for; CommonMark. Default: none. */
  readonly description?: string
  /** Where clients reach it; behind a proxy that adds `/api`, that is `[{ url: '/api' }]`. Default: `/`, the host of the document. */
  readonly servers?: readonly OpenApiServer[]
  /** The tags in the order of the reference, with what they are for; default: in the order of the routes. */
  readonly tags?: readonly OpenApiTag[]
  /** Where the document is; default: /openapi.json. `false`: it is only there for `limber openapi`, and no reference either. */
  readonly path?: string | false
  /** Where the reference for browsers is; default: /docs. `false`: nowhere. */
  readonly reference?: string | false
  /** Who may read both; default: everybody. */
  readonly guards?: readonly Guard[]
}

export interface OpenApiServer {
  /** An address, or a path on the host that the document comes from. */
  readonly url: string
  readonly description?: string
}

export interface OpenApiTag {
  readonly name: string
  readonly description?: string
}
