/** @module The route that another service posts to. */
import type { Webhook } from '../../application/ports/webhook.ts'
import { Route } from '../routing/route.ts'

export class WebhookRoute extends Route {
  readonly webhook: Webhook

  /** @throws {InvalidRouteError} for a path or a limit that there cannot be */
  constructor(webhook: Webhook) {
    const { path, bodyLimit } = webhook
    super('POST', path, (body: string) => webhook.take(body), { bodyLimit, csrf: false, documented: false })
    this.webhook = webhook
  }

  /** As `limber routes` names it. */
  override get label(): string {
    return 'webhook'
  }
}
