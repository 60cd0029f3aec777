import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { administer, MARIADB } from '../../database/support/servers.ts'
import { appFolder, copy, link } from '../../support/app-folder.ts'
import { repository } from '../../support/run-limber.ts'
import { everyDatabase } from '../every-database.ts'
import type { Left } from './what-is-left.ts'
import { MOST_CONNECTIONS } from './whole-application.ts'

const { LIMBER_TEST_DEEP: isDeep } = process.env

/** What is counted is counted exactly, so few show whatever is left once. Many show what grows slowly. */
const ROUNDS = isDeep ? 200 : 20

/**
 * How much the heap may grow in the second half. Measured from the 100th round to the 200th: 10 to 160 KB; on MariaDB once
 * 540 KB in the first rounds. Where four classes of each round stay, it is 2.7 MB.
 */
const BYTES = 2_000_000

/** V8 compiles what runs often, and keeps what it has compiled: more memory with every round, for minutes. */
const WITHOUT_COMPILER = ['--no-opt', '--no-maglev', '--no-sparkplug']

const url = (file: string) => JSON.stringify(pathToFileURL(path.join(repository, file)).href)
const whole = path.join(import.meta.dirname, 'whole')

/** Runs the application in a process of its own: this one has a test runner in its heap. */
async function rounds(database: string, work: string): Promise<Left[]> {
  const root = appFolder({
    'package.json': '{"type":"module"}',
    'config/app.ts': 'export default { name: "whole", providers: [] }',
  })
  link(root, 'zod', path.join(repository, 'node_modules/zod'))
  copy(whole, root)
  const start = `
    import { registerTypeScript } from ${url('bin/typescript-hooks.js')}
    registerTypeScript({ conditions: ['limber:source'] })
    await import(${url('test/modules/flat/run-rounds.ts')})`
  const { NODE_OPTIONS: _, ...env } = process.env
  const DIALECT = /^(postgres|mysql)/.exec(database)?.[0] ?? 'sqlite'
  const options = ['--expose-gc', ...WITHOUT_COMPILER, '--input-type=module', '--eval', start]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...options, root, database, work, String(ROUNDS)],
    { cwd: root, env: { ...env, DIALECT } },
  )
  return JSON.parse(stdout).measured
}

/** The databases of modules on MariaDB are beside the one that belongs to the test. */
function dropLater(database: string): void {
  if (!database.startsWith('mysql')) return
  const name = new URL(database).pathname.slice(1)
  const drops = readdirSync(path.join(whole, 'modules')).map(
    (module) => `drop database if exists ${name}_module_${module}`,
  )
  onTestFinished(() => administer(MARIADB, ...drops))
}

function expectFlat([early, half, late]: readonly Left[]): void {
  if (!early || !half || !late) throw new Error('Nothing was measured.')
  const { resources, openFiles } = early
  // Of the copies that are made before a migration some are kept.
  const { storedFiles } = half
  expect(late).toMatchObject({ resources, openFiles, storedFiles, old: [] })
  expect(late.connections).toBeLessThanOrEqual(MOST_CONNECTIONS)
  expect(late.heap - half.heap, `heap of ${half.heap} after half of the rounds`).toBeLessThan(BYTES)
}

const WAYS = [
  ['are reloaded', 'reload'],
  ['are unloaded and loaded', 'load'],
  ['fail in a migration', 'failing migrations'],
  ['fail when their code is imported', 'failing code'],
  ['fail when their models are read', 'failing models'],
] as const

describe.each(await everyDatabase())('modules of a whole application on $title', ({ title, create }) => {
  const isFile = title === 'SQLite'
  // Neither code nor models that fail get to a server. The others take their time.
  const ways = isDeep ? WAYS : WAYS.slice(0, isFile ? 2 : 1)

  test.each(ways)(`that %s ${ROUNDS} times leave nothing behind`, { timeout: 1_200_000 }, async (_, work) => {
    const database = await create()
    dropLater(database)
    expectFlat(await rounds(database, work))
  })
})
