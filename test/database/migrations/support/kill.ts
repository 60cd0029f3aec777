/** @module Kills a run of migrations at a statement, and waits until the database knows. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { MigratingApp } from './migrating-app.ts'
import type { OwnDatabase } from './own-databases.ts'
import type { Point } from './points.ts'

const KILLER = fileURLToPath(new URL('kill-at-statement.ts', import.meta.url))
const MIGRATE = ['db', 'migrate']

/** Runs to the end, and gives the statements in their order. */
export async function statementsOf(app: MigratingApp, { url }: OwnDatabase): Promise<string[]> {
  const file = path.join(app.root, 'statements.txt')
  const env = { DATABASE_URL: url, LIMBER_TEST_STATEMENTS: file }
  await app.succeed(MIGRATE, { env, nodeOptions: ['--import', KILLER] })
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}

export async function killAt(
  app: MigratingApp,
  database: OwnDatabase,
  { place, moment }: Point,
): Promise<void> {
  const env = { DATABASE_URL: database.url, LIMBER_TEST_KILL: `${place}:${moment}` }
  const { signal, stdout, stderr } = await app.run(MIGRATE, { env, nodeOptions: ['--import', KILLER] })
  expect(signal, `${stdout}${stderr}`).toBe('SIGKILL')
  if (database.dialect !== 'postgres') return
  // The server finishes a statement before it notices that nobody waits for it.
  const others = `select query from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
  await expect.poll(() => database.ask(others), { timeout: 60_000 }).toEqual([])
}
