/** @module What the database commands are called and take; light, so that help loads nothing else. */
import { defineCommand, flag, integer, text, texts } from '../../console/define-command.ts'
import { cutoffOf } from './cutoff.ts'

const connection = text('the connection, from config/database.ts; default: the default one')
const module = text('the module whose database it is, instead of that of the application')
const json = flag('print JSON')
export const provider = { name: 'DatabaseServiceProvider', from: 'limber/database' }
const dryRun = flag('only say what would be done')

const runOptions = {
  module,
  connection,
  wait: integer('wait so many seconds for another process that migrates; default: 60'),
  noLock: flag('do not keep other processes from migrating at the same time'),
  noBackup: flag('do not copy an SQLite database before'),
  dryRun,
  json,
}
const force = flag('do it in production too')
const resume = flag('go on behind the statements that an interrupted migration has carried out')

export const migrate = defineCommand({
  name: 'db migrate',
  description: 'Apply the pending migrations.',
  options: {
    to: text('apply those up to this one, named by the beginning of its name'),
    step: integer('apply at most this many'),
    allowDestructive: flag('in production: also those that lose rows or values'),
    resume,
    ...runOptions,
  },
  needs: ['db'],
  provider,
})

export const rollback = defineCommand({
  name: 'db rollback',
  description: 'Take back the migrations of the last run.',
  options: {
    to: text('take back everything behind this one instead, which stays'),
    step: integer('take back this many instead'),
    resume,
    force,
    ...runOptions,
  },
  needs: ['db'],
  provider,
})

export const fresh = defineCommand({
  name: 'db fresh',
  description: 'Drop every table, and apply all migrations.',
  options: { seed: flag('run the database seeder afterwards'), force, ...runOptions },
  needs: ['db'],
  provider,
})

export const manifest = defineCommand({
  name: 'db manifest',
  description: 'Write the checksums of the migrations, for a build.',
  options: {
    out: text('the folder of the compiled migrations; default: that of the migrations'),
    module,
    json,
  },
  needs: ['db'],
  provider,
})

export const status = defineCommand({
  name: 'db status',
  description: 'List the migrations and say which are applied.',
  options: { module, connection, json },
  needs: ['db'],
  provider,
})

export const sql = defineCommand({
  name: 'db sql',
  description: 'Print the statements of the pending migrations, and what they may cost.',
  options: {
    to: text('stop at this migration, named by the beginning of its name'),
    all: flag('every migration, whatever is applied: the database is not asked'),
    down: flag('the statements that take migrations back: the last run, or those behind --to'),
    module,
    connection,
    json,
  },
  needs: ['db'],
  provider,
})

export const makemigrations = defineCommand({
  name: 'db makemigrations',
  description: 'Write a migration for what changed in the models.',
  options: {
    message: text('what the migration does', { required: true, short: 'm' }),
    data: flag('one that changes rows in batches, to fill in'),
    empty: flag('one that does nothing yet, to fill in'),
    rename: texts('what has another name: book.title=name, or book=novel for a table'),
    drop: texts('what is dropped and not renamed: book.title, or book for a table'),
    module,
    connection,
    dryRun,
    json,
  },
  needs: ['db'],
  provider,
})

export const verify = defineCommand({
  name: 'db verify',
  description: 'Try on a scratch database whether every migration can be taken back.',
  options: { module, connection, json },
  needs: ['db'],
  provider,
})

export const seed = defineCommand({
  name: 'db seed',
  description: 'Fill the database with data.',
  arguments: { name: text('the seeder, from database/seeders', { default: 'database' }) },
  options: { dryRun },
  needs: ['db'],
  provider,
})

export const prune = defineCommand({
  name: 'db prune',
  description: 'Delete for good what has been in the trash for long.',
  options: {
    model: text('the model; default: every soft-deleted one'),
    before: {
      ...text('what was trashed before: an age such as 90d or 12h, or a date', { default: '90d' }),
      expected: 'an age such as 90d or 12h, or a date in the past',
      parse: (written: string) => (cutoffOf(written) ? written : undefined),
    },
    batch: integer('delete so many rows at a time', { default: 1_000 }),
    module,
    connection,
    dryRun,
    json,
  },
  needs: ['db'],
  provider,
})

// These say what is wrong where the database cannot be opened, so they need nothing beforehand.
export const check = defineCommand({
  name: 'db check',
  description: 'Say by the exit code whether models, migrations and database are in order.',
  options: { module, connection, json },
  needs: [],
})

export const init = defineCommand({
  name: 'db init',
  description: 'Set up the database: its configuration, the first migration, the tables.',
  options: { json },
  needs: [],
})

export const diagram = defineCommand({
  name: 'db diagram',
  description: 'Draw the models as a Mermaid diagram.',
  options: { out: text('the file to write, from the root'), module, connection, json },
  needs: ['db'],
  provider,
})

export const squash = defineCommand({
  name: 'db squash',
  description: 'Make one migration of many.',
  options: {
    message: text('what the migration does', { required: true, short: 'm' }),
    to: text('the last migration to replace; default: the last there is'),
    dropData: flag('leave out what they do to rows'),
    module,
    dryRun,
    json,
  },
  needs: ['db'],
  provider,
})
