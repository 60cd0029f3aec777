/** @module What a bot keeps in the databases of an application. */
import type { Application } from '../../application/application.ts'
import type { BotRules } from '../../application/ports/bot-rules.ts'
import type { UpdateStores } from '../../application/ports/update-store.ts'
import { DatabaseBotRules } from './database-bot-rules.ts'
import { DatabaseUpdateStores, openConnectionOf } from './database-update-stores.ts'

export function updateStores(app: Application): UpdateStores {
  return new DatabaseUpdateStores(app)
}

/** Undefined where the default connection is switched off. */
export function botRules(app: Application): BotRules | undefined {
  const connection = openConnectionOf(app)
  return connection && new DatabaseBotRules(app, connection)
}
