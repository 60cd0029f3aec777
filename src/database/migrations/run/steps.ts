/** @module The two ways to carry out a migration: as one, and step by step. */
import type { Row, RunSql } from '../../connections/connection.ts'
import type { BatchPosition } from './progress.ts'

/** How the statements and the batches of a migration are committed and remembered. */
export interface Steps {
  statement(sql: string, parameters: readonly unknown[]): Promise<Row[]>
  /** How far a batch loop got before. */
  position(loop: string): BatchPosition | undefined
  /** Does one batch and remembers how far it reached. */
  batch(loop: string, work: () => Promise<BatchPosition>): Promise<BatchPosition>
}

/** Inside a transaction that somebody else began: there is nothing to remember. */
export function stepsOfOne(run: RunSql): Steps {
  return {
    statement: (sql, parameters) => run(sql, parameters),
    position: () => undefined,
    batch: (_loop, work) => work(),
  }
}
