/** @module limber db makemigrations */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { MigrationKindError, MigrationMessageError } from '../migrations/files/errors.ts'
import { namesMigration } from '../migrations/files/migration-writer.ts'
import { RECORDED_SCHEMA_FILE } from '../migrations/files/recorded-schema.ts'
import type { Migrations } from '../migrations/migrations.ts'
import type { RenameOptions } from '../migrations/schema/renames/rename-choices.ts'
import { chosenMigrations, migrateCommand } from '../modules/module-target.ts'
import { adoptTables, refuseTaken } from '../modules/next-version.ts'
import { askRename, isTerminal } from './ask-rename.ts'
import { makemigrations } from './definitions.ts'

type Options = CommandInput<typeof makemigrations>['options']

@injectable()
export class MakemigrationsCommand implements Command<typeof makemigrations> {
  static readonly definition = makemigrations

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof makemigrations>): Promise<void> {
    if (!namesMigration(options.message)) throw new MigrationMessageError(options.message)
    if (options.data && options.empty) throw new MigrationKindError()
    const migrations = await chosenMigrations(this.app, options, makemigrations.name)
    if (options.data || options.empty) return this.#writeByHand(migrations, options)
    return this.#writeDifference(migrations, options)
  }

  /** What a person is going to fill in: the models are not looked at. */
  async #writeByHand(migrations: Migrations, options: Options): Promise<void> {
    const { message, data, connection, dryRun, json } = options
    if (!dryRun) await refuseTaken(migrations)
    const file = dryRun ? undefined : migrations.write(message, data ? 'data' : 'empty', connection)
    if (json) return this.output.json({ file, up: [], down: [], warnings: [] })
    if (!file) return this.output.line('Would write a migration to fill in.')
    this.output.line(`Wrote ${file}`)
    this.output.line(`Fill it in, then apply it with: ${migrateCommand(migrations)}`)
  }

  async #writeDifference(migrations: Migrations, options: Options): Promise<void> {
    const { message, connection, dryRun, json } = options
    const diff = await migrations.diff(connection, this.#renameOptions(options))
    const hasChanges = diff.up.length > 0
    if (hasChanges && !dryRun) {
      await refuseTaken(migrations)
      await adoptTables(migrations)
    }
    const file = hasChanges && !dryRun ? migrations.write(message, diff, connection) : undefined
    const isRecorded = !hasChanges && !dryRun && migrations.record(connection)
    // Said in the answer for programs too, which read standard output only.
    for (const warning of diff.warnings) this.output.error(`Warning: ${warning}`)
    if (json) return this.output.json({ file, ...diff })
    if (!hasChanges) {
      this.output.line('The migrations describe the models as they are: nothing to write.')
      if (isRecorded) this.output.line(`Recorded that in ${RECORDED_SCHEMA_FILE}.`)
      return
    }
    if (!file) return this.output.line(diff.up.join(';\n'))
    this.output.line(`Wrote ${file}`)
    this.output.line(`Read it, then apply it with: ${migrateCommand(migrations)}`)
  }

  /** An answer for a program has no room for questions. */
  #renameOptions({ rename, drop, json }: Options): RenameOptions {
    const { stdout } = this.output
    if (json || !isTerminal(process.stdin, stdout)) return { rename, drop }
    return { rename, drop, ask: (lost) => askRename(lost, process.stdin, stdout) }
  }
}
