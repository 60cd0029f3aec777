/** Reported: three rollbacks at once ran down() three times, and of three migrates at once two failed. */
import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../database/support/library-application.ts'
import { runLimber } from '../support/run-limber.ts'

const NAME = '20260101000001_count'
const PROCESSES = 3

/** Its file is imported when the ledger has been read: there it waits until every process has come so far. */
const COUNTING = `import { existsSync, readdirSync, watch, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { Migration } from 'limber/database'

const meeting = process.env.MEETING
if (meeting && existsSync(meeting)) {
  const watcher = watch(meeting)
  writeFileSync(meeting + '/' + process.pid, '')
  while (readdirSync(meeting).length < ${PROCESSES}) await once(watcher, 'change')
  watcher.close()
}

export class Count extends Migration {
  override async up() {
    await this.execute('update counter set ups = ups + 1')
  }

  override async down() {
    await this.execute('update counter set downs = downs + 1')
  }
}
`

function libraryFolder() {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${NAME}.ts`]: COUNTING,
    'package.json': '{ "name": "library", "type": "module" }',
    'config/app.ts': `import { defineApp } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'

export default defineApp({ name: 'library', providers: [DatabaseServiceProvider] })
`,
    'config/database.ts': `import { defineDatabase, fromUrl } from 'limber/database'

export default defineDatabase({ default: 'main', connections: { main: fromUrl('sqlite:library.sqlite') } })
`,
  })
  const raw = openRaw(path.join(root, 'library.sqlite'))
  raw.exec('pragma journal_mode = wal; create table counter (ups integer, downs integer)')
  raw.exec('insert into counter values (0, 0)')
  return { root, counts: () => raw.prepare('select ups, downs from counter').all() }
}

/** Runs a command in several processes, none of which changes anything before all know what they have to do. */
async function atOnce(root: string, ...argv: string[]) {
  const meeting = path.join(root, 'meeting', argv.join('-'))
  mkdirSync(meeting, { recursive: true })
  const options = { cwd: root, env: { MEETING: meeting } }
  const ended = await Promise.all(Array.from({ length: PROCESSES }, () => runLimber(argv, options)))
  expect(readdirSync(meeting)).toHaveLength(PROCESSES)
  return ended.map(({ code, stdout, stderr }) => ({
    code,
    // Who waits for another one may say so.
    stderr: stderr.replace(/^Waiting: .*\n/, ''),
    said: stdout.replace(/ \(\d+ ms\)/, '').replace(/^Copied .*\n/, ''),
  }))
}

const succeeded = (said: string) => ({ code: 0, stderr: '', said: `${said}\n` })

it('processes that migrate and roll back at once do it once, and all of them succeed', async () => {
  const { root, counts } = libraryFolder()
  const applied = await atOnce(root, 'db', 'migrate')
  expect(applied).toContainEqual(succeeded(`Applied ${NAME}`))
  expect(applied.filter(({ said }) => said === 'Nothing to migrate.\n')).toHaveLength(PROCESSES - 1)
  expect(applied.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(Array(PROCESSES).fill('0'))
  expect(counts()).toEqual([{ ups: 1, downs: 0 }])

  const back = await atOnce(root, 'db', 'rollback', '--step=1')
  expect(back).toContainEqual(succeeded(`Rolled back ${NAME}`))
  expect(back.filter(({ said }) => said === 'Nothing to roll back.\n')).toHaveLength(PROCESSES - 1)
  expect(back.map(({ code, stderr }) => `${code}${stderr}`)).toEqual(Array(PROCESSES).fill('0'))
  expect(counts()).toEqual([{ ups: 1, downs: 1 }])
}, 60_000)

it('a migration that takes itself out of the ledger is not taken back', async () => {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${NAME}.ts`]: `import { Migration } from 'limber/database'
export class Meddles extends Migration {
  override async up() {
    await this.execute('create table shelf (id integer)')
  }
  override async down() {
    await this.execute('drop table shelf')
    await this.execute('delete from limber_migrations')
  }
}
`,
  })
  const test = await commandsIn({ root })
  await succeed(test, 'db', 'migrate')
  const { exitCode, stderr } = await test.run('db', 'rollback')
  expect(exitCode).toBe(4)
  expect(stderr).toContain('LedgerChangedError')
  const raw = openRaw(path.join(root, 'library.sqlite'))
  expect(raw.prepare('select name from shelf, limber_migrations').all()).toEqual([])
  expect(raw.prepare('select name from limber_migrations').all()).toEqual([{ name: NAME }])
})
