/** @module One versioned change of the schema or the data. */
import type { Row, RunSql } from '../connections/connection.ts'
import type { Dialect } from '../connections/driver.ts'
import { refuseTransactionSql } from '../transactions/transaction-sql.ts'
import { IrreversibleMigrationError } from './errors.ts'

/**
 * Changes the schema in `up`, and takes the change back in `down`. Each runs in a transaction of its own,
 * which MySQL and MariaDB commit with every statement that changes the schema.
 *
 * @example
 * ```ts
 * import { Migration } from 'limber/database'
 *
 * export class AddIsbnToBook extends Migration {
 *   override async up() {
 *     await this.execute('alter table `book` add column `isbn` text null')
 *   }
 *
 *   override async down() {
 *     await this.execute('alter table `book` drop column `isbn`')
 *   }
 * }
 * ```
 */
export abstract class Migration {
  /** The migrations that this one stands for, as `limber db squash` writes it. */
  static readonly replaces: readonly string[] = []

  readonly #run: RunSql
  readonly #dialect: Dialect
  readonly #statements: Promise<Row[]>[] = []

  constructor(run: RunSql, dialect: Dialect) {
    this.#run = run
    this.#dialect = dialect
  }

  abstract up(): Promise<void>

  /** @throws {IrreversibleMigrationError} unless the migration says how it is taken back */
  async down(): Promise<void> {
    throw new IrreversibleMigrationError(this.constructor.name)
  }

  /**
   * Runs one statement in the transaction of the migration, with `?` for its parameters, and gives the rows.
   *
   * @throws {TransactionStatementError} for `begin`, `commit` and the like: what they end could not be undone
   */
  protected execute(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const statement = this.#runInTransaction(sql, parameters)
    // Whoever does not await it learns of its failure from settled().
    statement.catch(() => undefined)
    this.#statements.push(statement)
    return statement
  }

  async #runInTransaction(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    refuseTransactionSql(sql, this.#dialect)
    return this.#run(sql, parameters)
  }

  /** Waits for every statement, also for those that `up` or `down` has not awaited; fails with the first that failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#statements)
  }
}

export type MigrationClass = (new (
  run: RunSql,
  dialect: Dialect,
) => Migration) & {
  readonly replaces: readonly string[]
}
