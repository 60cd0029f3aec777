/** @module Loads the routes file of an application into its router: once, for the server and for `limber routes`. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Application } from '../../application/application.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { addHealthRoutes } from '../operations/health-routes.ts'
import { addServedFileRoutes } from '../operations/served-file-routes.ts'
import { addWebhookRoutes } from '../webhooks/webhook-routes.ts'
import { RoutesFileError } from './errors.ts'
import type { Router } from './router.ts'

const DEFAULT_FILE = 'app/http/routes'

/** Routes files on their way into a router; kept by router, so that two applications never share one. */
const loading = new WeakMap<Router, Promise<Router>>()

/**
 * Runs the routes file, `app/http/routes` unless the `app.routes` of the configuration names another, and gives the
 * router. An application without a routes file has the routes of its providers.
 *
 * @throws {RoutesFileError} when the file is not there, fails, or does not export a function
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 * import { loadRoutes } from 'limber/http'
 *
 * const app = await createApplication()
 * await app.boot()
 * const { routes } = await loadRoutes(app)
 * for (const route of routes) console.log(route.signature, route.label)
 * ```
 */
export function loadRoutes(app: Application): Promise<Router> {
  const router = app.make('router')
  let loaded = loading.get(router)
  if (!loaded) {
    loaded = load(app, router)
    loading.set(router, loaded)
  }
  return loaded
}

async function load(app: Application, router: Router): Promise<Router> {
  const named = app.config.find('app.routes')
  const file = findFile(path.resolve(app.root, named ?? DEFAULT_FILE))
  if (file) await run(file, path.relative(app.root, file), router)
  else if (named !== undefined) {
    const hint = 'Correct app.routes in config/app.ts; it is a path from the root of the application.'
    throw new RoutesFileError(named, 'it does not exist.', hint)
  }
  addHealthRoutes(app, router)
  addServedFileRoutes(app, router)
  addWebhookRoutes(app, router)
  return router
}

function findFile(base: string): string | undefined {
  return [base, `${base}.ts`, `${base}.js`].find((file) => /\.[jt]s$/.test(file) && existsSync(file))
}

async function run(file: string, name: string, router: Router): Promise<void> {
  const module = await importFile(file, name)
  if (typeof module.default !== 'function') {
    const hint = 'Export a function: export default (router: Router) => { router.get(…) }.'
    throw new RoutesFileError(name, 'its default export is not a function.', hint)
  }
  await module.default(router)
}

async function importFile(file: string, name: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof LimberError) throw error
    const reason = messageOf(error)
    throw new RoutesFileError(name, reason, 'Correct the file; the cause says where it failed.', error)
  }
}
