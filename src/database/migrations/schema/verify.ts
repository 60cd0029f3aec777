/** @module Applies each migration, takes it back and applies it again, and compares what the database has each time. */
import { messageOf } from '../../../support/message-of.ts'
import type { Connection } from '../../connections/connection.ts'
import { IrreversibleMigrationError, MigrationFailedError } from '../errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { Migrator } from '../run/migrator.ts'
import type { SchemaSnapshot } from './snapshots/schema-snapshot.ts'
import { takeSnapshot } from './snapshots/take-snapshot.ts'

export interface VerifiedMigration {
  readonly name: string
  readonly state: 'restores' | 'irreversible' | 'fails'
  /** Why, unless it restores what it found. */
  readonly reason?: string
  /** What is not as it was. */
  readonly differences: readonly string[]
  readonly milliseconds: number
}

type Verdict = Pick<VerifiedMigration, 'state' | 'reason' | 'differences'>

export class Verification {
  readonly #open: () => Promise<Connection>
  readonly #files: MigrationFiles
  #connection: Connection | undefined

  /** @param open opens a connection to another empty database each time */
  constructor(open: () => Promise<Connection>, files: MigrationFiles) {
    this.#open = open
    this.#files = files
  }

  /**
   * @param onDone called after each migration
   * @throws the error of a migration that cannot be applied
   */
  async run(onDone: (verified: VerifiedMigration) => void = () => undefined): Promise<VerifiedMigration[]> {
    const verified: VerifiedMigration[] = []
    try {
      for (const name of this.#files.names()) {
        const start = performance.now()
        const verdict = await this.#verify(name)
        const result = { name, ...verdict, milliseconds: Math.round(performance.now() - start) }
        verified.push(result)
        onDone(result)
      }
      return verified
    } finally {
      await this.#connection?.close()
    }
  }

  async #verify(name: string): Promise<Verdict> {
    const before = await this.#snapshot()
    await this.#migrate(name, 'up')
    const after = await this.#snapshot()
    const verdict = await this.#takeBack(name, before, after)
    // The next one is to find what it would find, whatever this one has left behind.
    if (verdict.state !== 'restores') await this.#beginAgain(name)
    return verdict
  }

  async #takeBack(name: string, before: SchemaSnapshot, after: SchemaSnapshot): Promise<Verdict> {
    try {
      await this.#migrate(name, 'down')
    } catch (error) {
      const reason = error instanceof MigrationFailedError ? error.cause : error
      const isMeant = reason instanceof IrreversibleMigrationError
      return { state: isMeant ? 'irreversible' : 'fails', reason: messageOf(reason), differences: [] }
    }
    const left = (await this.#snapshot()).explain(before)
    if (left.length > 0)
      return { state: 'fails', reason: 'down() does not restore what up() found.', differences: left }
    try {
      await this.#migrate(name, 'up')
    } catch (error) {
      const reason = `After down(), up() fails: ${messageOf(error)}`
      return { state: 'fails', reason, differences: [] }
    }
    const other = (await this.#snapshot()).explain(after)
    if (other.length === 0) return { state: 'restores', differences: [] }
    return { state: 'fails', reason: 'After down(), up() makes another schema.', differences: other }
  }

  async #beginAgain(last: string): Promise<void> {
    await this.#connection?.close()
    this.#connection = undefined
    const names = this.#files.names()
    for (const name of names.slice(0, names.indexOf(last) + 1)) await this.#migrate(name, 'up')
  }

  async #migrate(name: string, direction: 'up' | 'down'): Promise<void> {
    await new Migrator(await this.#connect(), this.#files).run(name, direction)
  }

  async #snapshot(): Promise<SchemaSnapshot> {
    return takeSnapshot(await this.#connect())
  }

  async #connect(): Promise<Connection> {
    this.#connection ??= await this.#open()
    return this.#connection
  }
}
