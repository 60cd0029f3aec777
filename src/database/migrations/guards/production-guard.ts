/** @module What a run in production asks the guards: before it begins, and of statements that only came up in it. */
import type { Connection } from '../../connections/connection.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { RunOptions } from '../run/run-options.ts'
import { assessMigrations } from './assess.ts'
import { factsOf } from './facts.ts'
import { previewsOf } from './previews.ts'
import { refuseDestructive } from './refuse-destructive.ts'

const IN_PRODUCTION = { environment: 'production', allowDestructive: false }

/** What a run is given so that nothing destructive is carried out. */
export function productionGuard(
  connection: Connection,
  files: MigrationFiles,
): Required<Pick<RunOptions, 'judge' | 'beforeStatement'>> {
  const { dialect } = connection.driver
  const judged = new Set<string>()
  return {
    async judge(names, run) {
      const previews = await previewsOf(connection, files, names, { run })
      for (const { statements } of previews) for (const { sql } of statements) judged.add(sql)
      refuseDestructive(previews, IN_PRODUCTION)
    },
    // Without rows, nobody could know that it would come.
    async beforeStatement(name, sql, parameters, run) {
      if (judged.has(sql)) return
      const statements = [connection.orm.em.getPlatform().formatQuery(sql, parameters)]
      const facts = factsOf(run, dialect, connection.schemaName)
      refuseDestructive(
        await assessMigrations([{ name, statements }], { dialect, facts, isOneRun: true }),
        IN_PRODUCTION,
      )
      judged.add(sql)
    },
  }
}
