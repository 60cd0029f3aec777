/** @module limber db sql */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { choosePreviewed } from '../migrations/guards/choose-previewed.ts'
import { previewScript } from '../migrations/guards/preview-script.ts'
import { previewsOf } from '../migrations/guards/previews.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { sql } from './definitions.ts'

@injectable()
export class SqlCommand implements Command<typeof sql> {
  static readonly definition = sql

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof sql>): Promise<void> {
    const migrations = await chosenMigrations(this.app, options, sql.name)
    const connection = migrations.connection(options.connection)
    const { files } = migrations
    const migrator = migrations.migrator(options.connection)
    const names = await choosePreviewed(migrator, files, options)
    const direction = options.down ? 'down' : 'up'
    const previews = await previewsOf(connection, files, names, { direction, isReplay: options.all })
    if (options.json) return this.output.json(readable({ direction, migrations: previews }))
    if (previews.length === 0) return this.output.line('-- There is nothing to run.')
    for (const line of previewScript(previews, connection.driver.dialect)) this.output.line(line)
  }
}

/** JSON has no numbers as large as those of databases. */
function readable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
  )
}
