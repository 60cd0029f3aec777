/** @module Adds a route for each service that takes what another one posts. */
import type { Application } from '../../application/application.ts'
import type {} from '../../application/ports/webhook.ts'
import { RouteConflictError } from '../routing/errors.ts'
import type { Router } from '../routing/router.ts'

/**
 * Adds a route for each service that is tagged `webhook`, after those of the application.
 *
 * @throws {RouteConflictError} when the application answers one of these requests itself
 */
export function addWebhookRoutes(app: Application, router: Router): void {
  for (const webhook of app.tagged('webhook')) {
    try {
      router.addWebhook(webhook)
    } catch (error) {
      if (!(error instanceof RouteConflictError)) throw error
      throw error.withHint(
        "Have the other service post to another path, as in config/bot.ts: webhook: { path: '/-/bot' }.",
      )
    }
  }
}
