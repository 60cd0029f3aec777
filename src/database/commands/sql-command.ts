/** @module limber db sql */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { DatabaseManager } from '../database-manager.ts'
import { choosePreviewed } from '../migrations/guards/choose-previewed.ts'
import { previewScript } from '../migrations/guards/preview-script.ts'
import { previewsOf } from '../migrations/guards/previews.ts'
import { Migrations } from '../migrations/migrations.ts'
import { sql } from './definitions.ts'

@injectable()
export class SqlCommand implements Command<typeof sql> {
  static readonly definition = sql

  constructor(
    private readonly migrations: Migrations,
    @inject('db') private readonly db: DatabaseManager,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof sql>): Promise<void> {
    const connection = this.db.connection(options.connection)
    const { files } = this.migrations
    const migrator = this.migrations.migrator(options.connection)
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
