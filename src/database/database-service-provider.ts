/** @module Registers `db`, `db.connection`, `db.session` and `db.sessions`. The ORM is loaded when `db` is first made. */
import type { HealthCheck } from '../application/ports/health-check.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { Connection } from './connections/connection.ts'
import type { DatabaseManager } from './database-manager.ts'
import { DriftWatch } from './migrations/drift/drift-watch.ts'
import { DatabaseConfigMissingError } from './migrations/init/errors.ts'
import { joinCurrentScope, ScopeSessions } from './sessions/scope-sessions.ts'
import type { Session } from './sessions/session.ts'

declare module '../container/services.ts' {
  interface Services {
    db: DatabaseManager
    'db.connection': Connection
    'db.session': Session
    'db.sessions': ScopeSessions
    'db.health': HealthCheck
    'db.drift': DriftWatch
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
    this.app.singleton('db.health', () => ({ name: 'db', check: async () => this.app.make('db').ping() }), {
      needs: ['db'],
    })
    this.app.tag('health', 'db.health')
    this.app.singleton('db.drift', () => new DriftWatch(this.app), { dispose: (watch) => watch.end() })
    this.app.tag('start', 'db.drift')
  }

  async #open(): Promise<DatabaseManager> {
    if (!this.app.config.has('database')) throw new DatabaseConfigMissingError()
    return (await import('./open-databases.ts')).openDatabases(this.app)
  }
}
