/** @module What the database commands are called and take; light, so that help loads nothing else. */
import { defineCommand, flag, integer, text, texts } from '../../console/define-command.ts'
import { cutoffOf } from './cutoff.ts'

const connection = text('the connection, from config/database.ts; default: the default one')
const json = flag('print JSON')
const provider = { name: 'DatabaseServiceProvider', from: 'limber/database' }
const dryRun = flag('only say what would be done')

export const migrate = defineCommand({
  name: 'db migrate',
  description: 'Apply the pending migrations.',
  options: { step: integer('apply at most this many'), connection, dryRun, json },
  needs: ['db'],
  provider,
})

export const rollback = defineCommand({
  name: 'db rollback',
  description: 'Take back the migrations of the last run.',
  options: { step: integer('take back this many instead'), connection, dryRun, json },
  needs: ['db'],
  provider,
})

export const status = defineCommand({
  name: 'db status',
  description: 'List the migrations and say which are applied.',
  options: { connection, json },
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
  options: { connection, json },
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
    connection,
    dryRun,
    json,
  },
  needs: ['db'],
  provider,
})
