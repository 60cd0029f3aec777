/** @module The whole OpenAPI document: the routes of the application, those of plugins, and what the configuration says. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { Route } from '../routing/route.ts'
import { describeRoutes, type Foreign } from './describe-routes.ts'
import type { OpenApiDocument } from './document.ts'
import type { OpenApiConfig } from './openapi-config.ts'
import type { RouteGap } from './route-schemas.ts'

export interface ApiDescription {
  readonly document: OpenApiDocument
  /** What it does not say. */
  readonly gaps: readonly RouteGap[]
}

/** @throws {ComponentConflictError} when one name means two things */
export async function describeApi(
  app: Application,
  config: OpenApiConfig,
  routes: readonly Route[],
  foreign: Foreign,
): Promise<ApiDescription> {
  const { title = app.config.find('app.name') ?? 'API', description, tags } = config
  // What OpenAPI takes for granted; Scalar only writes whole addresses when it is said.
  const { servers = [{ url: '/' }] } = config
  const version = config.version ?? (await versionOf(app))
  const { paths, components, gaps } = describeRoutes(routes, foreign)
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title, version, ...(description !== undefined && { description }) },
    servers,
    ...(tags && { tags }),
    paths,
    components: { ...components, schemas: { ...foreign.schemas, ...components.schemas } },
  }
  return { document, gaps }
}

/** An application need not have a package.json, nor a version in it. */
async function versionOf(app: Application): Promise<string> {
  const manifest: unknown = await readFile(path.join(app.root, 'package.json'), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  const version: unknown = Reflect.get(Object(manifest), 'version')
  return typeof version === 'string' ? version : '0.0.0'
}
