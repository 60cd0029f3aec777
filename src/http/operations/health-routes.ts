/** @module The routes that a supervisor asks: does the process live, and should it be given work? */
import type { Application } from '../../application/application.ts'
import type { HttpConfig } from '../http-config.ts'
import { RouteConflictError } from '../routing/errors.ts'
import type { Router } from '../routing/router.ts'
import { HealthController } from './health-controller.ts'

/** The paths of the health routes: none when they are switched off. */
export function healthPaths({ health }: HttpConfig): readonly string[] {
  if (health === false) return []
  return [health?.live ?? '/health', health?.ready ?? '/ready']
}

/**
 * Adds the health routes after those of the application.
 *
 * @throws {RouteConflictError} when the application answers one of these requests itself
 */
export function addHealthRoutes(app: Application, router: Router): void {
  const [live, ready] = healthPaths(app.config.find('http') ?? {})
  if (live === undefined || ready === undefined) return
  add('live', live)
  add('ready', ready)

  function add(name: 'live' | 'ready', path: string): void {
    try {
      router.get(path, [HealthController, name], { documented: false })
    } catch (error) {
      if (!(error instanceof RouteConflictError)) throw error
      throw error.withHint(
        `Move the built-in route in config/http.ts, as in health: { ${name}: '/-${path}' }, or take both away with health: false.`,
      )
    }
  }
}
