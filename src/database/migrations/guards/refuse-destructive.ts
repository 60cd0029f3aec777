/** @module What becomes of hazards: in production the destructive ones are refused, and elsewhere they are said. */
import type { MigrationHazards } from './assess.ts'
import { DestructiveMigrationError } from './errors.ts'

export interface RefusalOptions {
  readonly environment: string
  readonly allowDestructive: boolean
}

/**
 * Stops a run that would lose rows or values.
 *
 * @throws {DestructiveMigrationError} in production, unless it is allowed
 * @example
 * ```ts
 * import { assessMigrations, refuseDestructive } from 'limber/database'
 *
 * const migrations = [{ name: 'drop_book', statements: ['drop table book'] }]
 * const assessed = await assessMigrations(migrations, { dialect: 'sqlite', isOneRun: true })
 * refuseDestructive(assessed, { environment: 'production', allowDestructive: true })
 * ```
 */
export function refuseDestructive(
  assessed: readonly MigrationHazards[],
  { environment, allowDestructive }: RefusalOptions,
): void {
  if (environment !== 'production' || allowDestructive) return
  const losses = assessed.flatMap(({ name, hazards }) =>
    hazards
      .filter(({ kind }) => kind === 'destructive')
      .map(({ what, safer }) => ({ migration: name, what, safer })),
  )
  if (losses.length > 0) throw new DestructiveMigrationError(losses)
}

/**
 * Gives one line for each hazard.
 *
 * @example
 * ```ts
 * import { assessMigrations, describeHazards } from 'limber/database'
 *
 * const migrations = [{ name: 'drop_book', statements: ['drop table book'] }]
 * const assessed = await assessMigrations(migrations, { dialect: 'sqlite', isOneRun: true })
 * for (const line of describeHazards(assessed)) process.stderr.write(`${line}\n`)
 * ```
 */
export function describeHazards(assessed: readonly MigrationHazards[]): string[] {
  return assessed.flatMap(({ name, hazards }) =>
    hazards.map(({ kind, what, safer }) => `${name}: ${kind}: ${what}${safer ? ` Safer: ${safer}` : ''}`),
  )
}
