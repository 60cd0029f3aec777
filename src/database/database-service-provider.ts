/** @module Registers `db`, `db.connection` and `db.session`. The ORM is loaded when `db` is first made. */
import type { HealthCheck } from '../application/ports/health-check.ts'
import type { Scope } from '../application/scope.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { OutsideScopeError } from '../container/errors.ts'
import { attachCause, attemptAll } from '../errors/attempt-all.ts'
import type { Connection } from './connection.ts'
import type { DatabaseManager } from './database-manager.ts'
import type { Driver } from './driver.ts'
import type { Session } from './session.ts'

declare module '../container/services.ts' {
  interface Services {
    db: DatabaseManager
    'db.connection': Connection
    'db.session': Session
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
    this.app.scoped('db.session', () => this.#openSession(), { needs: ['db'] })
    this.app.singleton('db.health', () => ({ name: 'db', check: async () => this.app.make('db').ping() }), {
      needs: ['db'],
    })
    this.app.tag('health', 'db.health')
  }

  async #open(): Promise<DatabaseManager> {
    const [{ DatabaseManager }, { resolveDriver }] = await Promise.all([
      import('./database-manager.ts'),
      import('./resolve-driver.ts'),
    ])
    const { default: defaultName, connections, scratch } = this.app.config.get('database')
    const drivers = new Map<string, Driver>()
    for (const [name, entry] of Object.entries(connections)) {
      const driver = await resolveDriver(name, entry, this.app.root)
      drivers.set(name, scratch ? driver.scratch() : driver)
    }
    const opened = await this.#openAll(drivers, defaultName)
    return new DatabaseManager(this.app, opened, defaultName)
  }

  /** A connection whose database is switched off stays undefined, and costs nothing. */
  async #openAll(
    drivers: ReadonlyMap<string, Driver>,
    defaultName: string,
  ): Promise<Map<string, Connection | undefined>> {
    const opened = new Map<string, Connection | undefined>(
      [...drivers.keys()].map((name) => [name, undefined]),
    )
    const working = [...drivers].filter(([, driver]) => !driver.isOff)
    if (working.length === 0) return opened
    const [{ openConnection }, { loadModels }] = await Promise.all([
      import('./open-connection.ts'),
      import('./models.ts'),
    ])
    const models = await loadModels(this.app.config.find('app.models') ?? [])
    const log = (message: string) => this.app.make('log').debug(message)
    try {
      for (const [name, driver] of working) {
        const own = name === defaultName ? models : []
        const request = { name, driver, root: this.app.root, models: own, application: this.app, log }
        opened.set(name, await openConnection(request))
      }
    } catch (error) {
      const errors = await attemptAll([...opened.values()].map((connection) => () => connection?.close()))
      if (errors.length > 0) attachCause(error, new AggregateError(errors, 'Connections failed to close.'))
      throw error
    }
    return opened
  }

  #openSession(): Session {
    const scope = this.app.currentScope()
    if (!scope) throw new OutsideScopeError('db.session', [])
    const connection = this.app.make('db').connection()
    const session = connection.openSession()
    const { autoCommit = true, writerTimeout } = this.app.config.get('database')
    const onUnflushed = (error: Error) => this.#reportUnflushed(error, scope)
    session.joinScope(scope, { name: connection.name, autoCommit, writerTimeout, onUnflushed })
    return session
  }

  /** A forgotten flush loses data: in a test that fails, elsewhere the rest of the work is worth more. */
  #reportUnflushed(error: Error, { id, kind, label }: Scope): void {
    if (this.app.environment === 'test') throw error
    this.app.make('log').warn({ err: error, scope: id, kind, label }, error.message)
  }
}
