/** @module Registers `db`, `db.connection`, `db.session` and `db.sessions`. The ORM is loaded when `db` is first made. */
import type { HealthCheck } from '../application/ports/health-check.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { Connection } from './connections/connection.ts'
import type { DatabaseManager } from './database-manager.ts'
import { joinCurrentScope, ScopeSessions } from './sessions/scope-sessions.ts'
import type { Session } from './sessions/session.ts'

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
    this.app.singleton('db', async () => (await import('./open-databases.ts')).openDatabases(this.app), {
      dispose: (db) => db.close(),
    })
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
  }
}
