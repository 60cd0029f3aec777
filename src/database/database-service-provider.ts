/** @module Registers `db`, `db.connection` and `db.session`. The ORM is loaded when `db` is first made. */
import type { HealthCheck } from '../application/ports/health-check.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { Connection } from './connection.ts'
import type { DatabaseManager } from './database-manager.ts'
import { insightSettings } from './insight/insight-config.ts'
import { joinCurrentScope, ScopeSessions } from './scope-sessions.ts'
import type { Session } from './session.ts'
import { unregisteredModels } from './unregistered-models.ts'

declare module '../container/services.ts' {
  interface Services {
    db: DatabaseManager
    'db.connection': Connection
    'db.session': Session
    'db.sessions': ScopeSessions
    'db.health': HealthCheck
  }
}

export class DatabaseServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('db', async () => this.#open(), { dispose: (db) => db.close() })
    this.app.singleton('db.connection', (services) => services.make('db').connection(), {
      needs: ['db'],
      // The manager closes its connections itself.
      dispose: () => undefined,
    })
    this.app.scoped('db.session', () => joinCurrentScope(this.app), { needs: ['db'] })
    this.app.scoped('db.sessions', () => new ScopeSessions(this.app), { needs: ['db'] })
    this.app.singleton(
      'db.health',
      () => ({ name: 'db', check: () => this.app.make('db').connection().ping() }),
      {
        needs: ['db'],
      },
    )
    this.app.tag('health', 'db.health')
  }

  async #open(): Promise<DatabaseManager> {
    const [
      { DatabaseManager },
      { openConnection },
      { loadModels },
      { namesOf, refuseStrays, shareModels },
      { observeQueries },
    ] = await Promise.all([
      import('./database-manager.ts'),
      import('./open-connection.ts'),
      import('./models.ts'),
      import('./share-models.ts'),
      import('./insight/observe-queries.ts'),
    ])
    const { default: defaultName, connections, insight = {} } = this.app.config.get('database')
    const models = await loadModels(this.app.config.find('app.models') ?? [])
    const shares = shareModels(models, Object.keys(connections), defaultName)
    if (this.app.environment !== 'production') this.#warnOfUnregistered(namesOf(models))
    const log = this.app.make('log')
    const settings = insightSettings(insight, this.app.environment, log.isLevelEnabled('debug'))
    const opened = new Map<string, Connection>()
    for (const [name, driver] of Object.entries(connections)) {
      const request = {
        name,
        driver,
        root: this.app.root,
        models: shares.get(name) ?? [],
        application: this.app,
        log: (message: string) => log.debug(message),
      }
      const connection = await openConnection(request)
      opened.set(name, connection)
      refuseStrays(connection, defaultName)
      observeQueries(connection, settings, log)
    }
    return new DatabaseManager(opened, defaultName)
  }

  /** A model that nobody registered has no table, and nothing else would say so. */
  #warnOfUnregistered(registered: ReadonlySet<string>): void {
    for (const warning of unregisteredModels(this.app.root, registered)) this.app.make('log').warn(warning)
  }
}
