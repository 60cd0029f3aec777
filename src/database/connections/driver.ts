/** @module The contract of a database driver: a value in the configuration that loads its packages when it is needed. */
import type { Options } from '@mikro-orm/core'
import type { PoolOptions } from '../server/server-config.ts'

/** What a driver adds to the options of the ORM: its driver class and where the database is. */
export type DriverOptions = Required<Pick<Options, 'driver' | 'dbName'>> &
  Partial<
    Pick<
      Options,
      | 'host'
      | 'port'
      | 'user'
      | 'password'
      | 'schema'
      | 'pool'
      | 'replicas'
      | 'preferReadReplicas'
      | 'driverOptions'
      | 'onCreateConnection'
    >
  >

/** The family of SQL that a database speaks; MariaDB speaks that of MySQL. */
export type Dialect = 'sqlite' | 'postgres' | 'mysql'

export interface Driver {
  readonly name: string
  readonly dialect: Dialect
  /** Names the database in messages; secrets are masked. */
  readonly label: string
  /** Whether one writer at a time has the connection to itself. */
  readonly hasOneWriter: boolean
  /** Whether there is no database, on purpose. */
  readonly isOff?: boolean
  /** Whether it lives in the memory of this process, and ends with its connection. */
  readonly isInMemory?: boolean
  /** The file that it is, absolute or from the root of the application, where one writer at a time has it. */
  readonly file?: string
  /** Names the replicas, as `label` does: other databases, which may not have what was just written. */
  readonly replicas?: readonly string[]
  /** How long a query waits for a connection of the pool, in milliseconds; without it the pool is not watched. */
  readonly acquireTimeout?: number
  /** Who else has its connections, for messages, where it has no pool of its own: `all modules`. */
  readonly poolUsers?: string
  /** Another database of the same kind, empty and gone when it is closed: for comparing schemas. */
  scratch(): Driver
  /** Makes its server one that modules share, each with a place of its own and all with one pool; not where it is a file. */
  share?(pool?: PoolOptions): SharedServer
  /**
   * Loads the packages and makes sure that the database can be opened.
   *
   * @param root the folder that relative paths start from
   */
  load(root: string): Promise<DriverOptions>
  /** The same database on connections of its own, and without making it where it is not there; where a pool is shared. */
  alone?(): Driver
  /** Whether an error of the driver says that the database cannot be used at all, whatever the statement. */
  isUnavailable(error: Error): boolean
  /** What to do about such an error, where more is known than that the database cannot be used. */
  advise?(error: Error): string | undefined
  /** Finds out what a query would not notice; throws an error that names it. */
  probe?(root: string): void
  /** Removes what `load` has made for this process only; called when the connection is closed. */
  release?(): Promise<void>
}

/** A server on which each module has a schema or a database of its own. */
export interface SharedServer {
  /**
   * Gives the driver of a module. Its place is created when its connection is opened.
   *
   * @throws {ModuleDatabaseNameError} when the name of the place would be too long for the server
   */
  driverFor(module: string): Driver
  /** Ends the pool. It has ended by itself when the last connection of a module was closed. */
  close(): Promise<void>
}
