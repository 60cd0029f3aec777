/** @module The databases that modules have on a MySQL or MariaDB server, and how a connection goes from one to another. */
import type { ModulePlaces } from '../server/module-place.ts'

interface RawConnection {
  query(sql: string, done: (error: Error | null) => void): unknown
  changeUser(options: { readonly database?: string }, done: (error: Error | null) => void): unknown
  destroy(): void
}

type Done = (error: Error | null, connection?: RawConnection) => void

interface Pool {
  getConnection(done: Done): void
}

const REFUSED = /^(ER_DBACCESS_DENIED_ERROR|ER_ACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR)$/

export const MODULE_DATABASES: ModulePlaces = {
  longest: 64,
  of(target, module) {
    const database = `${target.database}_module_${module.replaceAll('-', '_')}`
    return { place: database, target: { ...target, database } }
  },
  title: (database) => `the database "${database}"`,
  async find(run, database) {
    // Of those that the user has no right to, it says nothing.
    const found = await run('select 1 from information_schema.schemata where schema_name = ?', [database])
    return found.length > 0 ? true : undefined
  },
  create: (database) => `create database if not exists ${quoteName(database)} character set utf8mb4`,
  grant: (database, user = '') =>
    `create database if not exists ${quoteName(database)} character set utf8mb4; ` +
    // In a grant, an underscore stands for any character.
    `grant all on ${quoteName(database.replaceAll('_', '\\_'))}.* to '${user.replaceAll("'", "''")}'@'%'`,
  isRefused: (error) => REFUSED.test(String(Reflect.get(error, 'code'))),
  enter(pool, wantedPlace) {
    // It is the pool of mysql2 that the ORM has made.
    const real = pool as Pool
    const getConnection = real.getConnection.bind(real)
    const placeOf = new WeakMap<RawConnection, string | undefined>()
    real.getConnection = (done) => {
      const place = wantedPlace()
      getConnection((error, connection) => {
        if (error || !connection) return done(error)
        if (placeOf.has(connection) && placeOf.get(connection) === place) return done(null, connection)
        const isFresh = !placeOf.has(connection)
        placeOf.delete(connection)
        move(connection, place, isFresh, (fault) => {
          if (!fault) placeOf.set(connection, place)
          else connection.destroy()
          done(fault, fault ? undefined : connection)
        })
      })
    }
  },
}

/** Nothing of the module that had it before stays: the server begins a new session on the same connection. */
function move(
  connection: RawConnection,
  place: string | undefined,
  isFresh: boolean,
  done: (error: Error | null) => void,
): void {
  if (!isFresh) connection.changeUser(place === undefined ? {} : { database: place }, done)
  else if (place === undefined) done(null)
  else connection.query(`use ${quoteName(place)}`, done)
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}
