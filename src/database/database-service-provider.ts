/** @module Registers `db`, `db.connection`, `db.session`, `db.sessions` and what a bot keeps in a database. The ORM is loaded when `db` is first made. */
import type {} from '../application/ports/bot-rules.ts'
import type { HealthCheck } from '../application/ports/health-check.ts'
import type { ModelBinder } from '../application/ports/model-binder.ts'
import type { ProcessMemory } from '../application/ports/process-memory.ts'
import type {} from '../application/ports/update-store.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { Connection } from './connections/connection.ts'
import { inMemoryConnections } from './connections/in-memory.ts'
import type { DatabaseManager } from './database-manager.ts'
import { DriftWatch } from './migrations/drift/drift-watch.ts'
import { DatabaseConfigMissingError } from './migrations/init/errors.ts'
import { PathModelBinder } from './models/model-binder.ts'
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
    'db.models': ModelBinder
    'db.memory': ProcessMemory
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
    this.app.singleton('db.models', () => new PathModelBinder(this.app), { needs: ['db'] })
    this.app.tag('model binder', 'db.models')
    this.#keepForBots()
    this.#tellOfMemory()
  }

  /** Loaded when they are first made: most applications have no bot. */
  #keepForBots(): void {
    const load = () => import('./bot/open-bot-stores.ts')
    this.app.singleton('db.updates', async () => (await load()).updateStores(this.app), { needs: ['db'] })
    this.app.singleton('db.bot-rules', async () => (await load()).botRules(this.app), { needs: ['db'] })
  }

  /** Each process would have an empty database of its own. */
  #tellOfMemory(): void {
    const config = this.app.config.find('database')
    const inMemory = config ? inMemoryConnections(config) : []
    if (inMemory.length === 0) return
    const names = inMemory.map((name) => `"${name}"`).join(', ')
    this.app.instance('db.memory', {
      name: `the database in memory of ${names}`,
      hint: 'Give it a file or a server in config/database.ts.',
    })
    this.app.tag('process memory', 'db.memory')
  }

  async #open(): Promise<DatabaseManager> {
    if (!this.app.config.has('database')) throw new DatabaseConfigMissingError()
    return (await import('./open-databases.ts')).openDatabases(this.app)
  }
}
