/** @module One versioned change of the schema or the data. */
import type { Row } from '../connections/connection.ts'
import { IrreversibleMigrationError } from './errors.ts'

/** Which rows are handed over, and how many at a time. */
export interface BatchOptions {
  readonly table: string
  /** The column that orders the rows: unique, without nulls, and not changed by the work. */
  readonly key: string
  /** A condition in SQL; default: all rows. */
  readonly where?: string
  /** The values of the `?` in the condition. */
  readonly parameters?: readonly unknown[]
  /** Rows at a time; default 1,000. */
  readonly size?: number
  /** Tells this loop from others of the same migration; default: the table. */
  readonly name?: string
}

/** What a migration does its work with; the run of migrations makes it. */
export interface MigrationContext {
  execute(sql: string, parameters: readonly unknown[]): Promise<Row[]>
  batches(options: BatchOptions, work: (rows: Row[]) => unknown): Promise<number>
}

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
  /**
   * With `false`, every statement and every batch is committed by itself: for what refuses a transaction, such as
   * `create index concurrently`, and for changes of many rows. The risk: when one fails or the process is killed, those
   * before it stay, while the application runs on what is half done. `limber db migrate --resume` then goes on behind
   * the last one, so the statements of a migration have to be the same each time it runs; the rows that a changing
   * statement returns are not there again.
   *
   * @example
   * ```ts
   * import { Migration } from 'limber/database'
   *
   * export class IndexTitles extends Migration {
   *   static override transaction = false
   *
   *   override async up() {
   *     await this.execute('create index concurrently book_title on book (title)')
   *   }
   * }
   * ```
   */
  static transaction = true

  /** The migrations that this one stands for, as `limber db squash` writes it. */
  static readonly replaces: readonly string[] = []

  readonly #context: MigrationContext

  constructor(context: MigrationContext) {
    this.#context = context
  }

  abstract up(): Promise<void>

  /** @throws {IrreversibleMigrationError} unless the migration says how it is taken back */
  async down(): Promise<void> {
    throw new IrreversibleMigrationError(this.constructor.name)
  }

  /**
   * Runs one statement, with `?` for its parameters, and gives the rows.
   *
   * @throws {TransactionStatementError} for `begin`, `commit` and the like: what they end could not be undone
   */
  protected execute(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#context.execute(sql, parameters)
  }

  /**
   * Hands over the rows of a table, some at a time and in the order of a key, and gives how many there were. With
   * `static override transaction = false` each batch is committed together with how far it reached, so that after an
   * interruption the next run goes on behind the last one; otherwise all are a part of the one transaction.
   *
   * @throws {BatchError} when the key cannot tell where a batch ends
   * @example
   * ```ts
   * import { Migration } from 'limber/database'
   *
   * export class FillSlugs extends Migration {
   *   static override transaction = false
   *
   *   override async up() {
   *     await this.batches({ table: 'book', key: 'id', where: 'slug is null' }, async (rows) => {
   *       for (const { id, title } of rows) {
   *         await this.execute('update book set slug = ? where id = ?', [String(title).toLowerCase(), id])
   *       }
   *     })
   *   }
   * }
   * ```
   */
  protected batches(options: BatchOptions, work: (rows: Row[]) => unknown): Promise<number> {
    return this.#context.batches(options, work)
  }
}

export interface MigrationClass {
  new (context: MigrationContext): Migration
  readonly transaction: boolean
  readonly replaces: readonly string[]
}
