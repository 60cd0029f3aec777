import { readdirSync } from 'node:fs'
import type { Dialect } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import type { Ended } from '../../support/run-limber.ts'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { type DatabaseKind, everyKind, type OwnDatabase } from './support/own-databases.ts'
import { appliedNames } from './support/schema-dump.ts'

const TABLES = '20260101000001_tables'
const SLOW = '20260101000002_slow'
const LAST = '20260101000003_last'

const TWO_SECONDS: Readonly<Record<Dialect, string>> = {
  sqlite: 'await setTimeout(2_000)',
  postgres: run('select pg_sleep(2)'),
  mysql: run('do sleep(2)'),
}

const mark = (name: string) => `writeFileSync(\`\${markers}/${name}-\${process.pid}\`, '')`
const tally = (name: string) => run(`insert into tally (migration) values ('${name}')`)

/** It takes its two seconds only when all four have begun. */
const slow = (dialect: Dialect) => `
    ${mark('slow')}
    ${tally('slow')}
    const deadline = performance.now() + 60_000
    while (readdirSync(markers).filter((name) => name.startsWith('begun')).length < 4) {
      if (performance.now() > deadline) throw new Error('The others have not begun.')
      await setTimeout(10)
    }
    ${mark('sleeping')}
    ${TWO_SECONDS[dialect]}`

async function fourProcesses(kind: DatabaseKind, driver?: string) {
  const database = await kind.create()
  const migrations = {
    [TABLES]: migration('Tables', run('create table tally (migration varchar(20) not null)')),
    [SLOW]: migration('Slow', slow(kind.dialect)),
    [LAST]: migration('Last', `${mark('last')}\n    ${tally('last')}`),
  }
  const app = new MigratingApp({ url: database.url, migrations, ...(driver ? { driver } : {}) })
  const markers = emptyFolder()
  const processes = Array.from({ length: 4 }, () => {
    const process = app.start(['db', 'migrate'], { env: { LIMBER_TEST_MARKERS: markers } })
    const endedAt = process.ended.then(() => performance.now())
    return { ended: process.ended, endedAt }
  })
  /** The processes that have said this, in any order. */
  const pidsOf = (name: string) =>
    readdirSync(markers).flatMap((file) => (file.startsWith(`${name}-`) ? [Number(file.split('-')[1])] : []))
  const allHaveBegun = async () => {
    await expect.poll(() => pidsOf('begun').length, { timeout: 60_000, interval: 10 }).toBe(4)
    return performance.now()
  }
  const isSleeping = async () => {
    await expect.poll(() => pidsOf('sleeping'), { timeout: 90_000, interval: 10 }).toHaveLength(1)
    return pidsOf('sleeping')[0] ?? 0
  }
  return { database, processes, pidsOf, allHaveBegun, isSleeping }
}

async function expectAppliedOnce(database: OwnDatabase) {
  const rows = await database.ask('select migration from tally order by migration')
  expect(rows.map((row) => row.migration)).toEqual(['last', 'slow'])
  expect(await appliedNames(database)).toEqual([TABLES, SLOW, LAST])
}

/** Who says that it has applied this migration. */
const appliers = (ended: readonly Ended[], name: string) =>
  ended.filter(({ stdout }) => stdout.includes(`Applied ${name}`)).length

const succeeded = ({ code, signal, stdout, stderr }: Ended) =>
  code === 0 || `${code ?? signal}: ${stdout}${stderr}`

const isShort = process.env.CI && !process.env.LIMBER_TEST_DEEP

function variantsOf({ dialect, title }: DatabaseKind): [string, string | undefined][] {
  // There SQLite has one connection in any case.
  if (dialect === 'sqlite') return [[title, undefined]]
  const pool = (max: number) =>
    `${dialect === 'mysql' ? 'mysql' : 'postgres'}({ url, pool: { max: ${max} } })`
  return [
    [title, undefined],
    [`${title} with a pool of four`, pool(4)],
    // Each is nine processes: CI leaves out what is least likely to differ.
    ...(isShort ? [] : [[`${title} with a single connection`, pool(1)] as [string, string]]),
  ]
}

for (const kind of await everyKind()) {
  describe.each(variantsOf(kind))('four processes at once on %s', (_, driver) => {
    it('apply each migration once, and all succeed', { timeout: 300_000 }, async () => {
      const { database, processes, pidsOf, allHaveBegun } = await fourProcesses(kind, driver)
      const begun = await allHaveBegun()
      const ended = await Promise.all(processes.map((process) => process.ended))
      const firstEnd = Math.min(...(await Promise.all(processes.map((process) => process.endedAt))))
      expect(ended.map(succeeded)).toEqual([true, true, true, true])
      expect(begun, 'when all had begun, and when the first ended').toBeLessThan(firstEnd)
      expect([pidsOf('slow').length, pidsOf('last').length]).toEqual([1, 1])
      expect([TABLES, SLOW, LAST].map((name) => appliers(ended, name))).toEqual([1, 1, 1])
      await expectAppliedOnce(database)
    })

    it('finish when the one that migrates is killed', { timeout: 300_000 }, async () => {
      const { database, processes, pidsOf, isSleeping } = await fourProcesses(kind, driver)
      const victim = await isSleeping()
      process.kill(victim, 'SIGKILL')
      const ended = await Promise.all(processes.map((process) => process.ended))
      const survivors = ended.filter(({ signal }) => signal !== 'SIGKILL')
      expect(survivors.map(succeeded)).toEqual([true, true, true])
      expect(pidsOf('slow')).toHaveLength(2)
      expect(appliers(survivors, SLOW)).toBe(1)
      await expectAppliedOnce(database)
    })
  })
}
