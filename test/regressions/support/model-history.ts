/** @module An application whose models change from step to step, with the database that its migrations make. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import {
  commandsIn,
  openRaw,
  succeed,
  tempFolder,
  write,
} from '../../database/support/library-application.ts'

export const NOTHING = 'The migrations describe the models as they are: nothing to write.\n'

export function modelHistory(files: Readonly<Record<string, string>> = {}) {
  const root = tempFolder()
  write(root, files)
  const raw = openRaw(path.join(root, 'library.sqlite'))
  const folder = path.join(root, 'database/migrations')
  const run = async (models: readonly Lazy[], ...argv: string[]) => {
    const test = await commandsIn({ root, models })
    return test.run('db', ...argv)
  }
  return {
    root,
    raw,
    rows: (sql: string) => raw.prepare(sql).all(),
    run,
    make: (models: readonly Lazy[]) => run(models, 'makemigrations', '-m', 'change'),
    /** Writes a migration and applies it. */
    async become(models: readonly Lazy[], ...argv: string[]): Promise<void> {
      const test = await commandsIn({ root, models })
      await succeed(test, 'db', 'makemigrations', '-m', 'change', ...argv)
      await succeed(test, 'db', 'migrate')
    },
    files: () => readdirSync(path.join(root, 'database'), { recursive: true }),
    last: () =>
      readFileSync(
        path.join(
          folder,
          readdirSync(folder)
            .filter((file) => file.endsWith('.ts'))
            .sort()
            .at(-1) ?? '',
        ),
        'utf8',
      ),
    /** The schema in which spaces, quotes, capitals and actions that are the default are left out. */
    schema: () =>
      raw
        .prepare(
          "select sql from sqlite_master where sql is not null and tbl_name <> 'limber_migrations' and name not like 'sqlite%'",
        )
        .all()
        .map(({ sql }) => meaningOf(String(sql)))
        .sort(),
  }
}

function meaningOf(sql: string): string {
  const plain = sql.toLowerCase().replace(/[`"]| on (?:update|delete) no action/g, '')
  const [head, ...parts] = plain.split(/, |\(|\)/).map((part) => part.trim())
  return [head, ...parts.filter((part) => part !== '').sort()].join(',')
}
