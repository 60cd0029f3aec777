import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { CASES } from './support/guard-cases.ts'
import { asList, judged, LIBRARY } from './support/judged.ts'
import { openMigrations } from './support/previewed.ts'

const databases = await everyDatabase()
const postgres = databases.find(({ title }) => title === 'PostgreSQL')
const mariadb = databases.find(({ title }) => title === 'MariaDB')

/** Changes of one column, which the server can be asked about. */
const changesOf = (dialect: 'postgres' | 'mysql', form: RegExp) =>
  CASES[dialect].flatMap(([statements]) =>
    asList(statements).filter((one) => asList(statements).length === 1 && form.test(one)),
  )

describe.runIf(postgres)('what PostgreSQL writes anew', () => {
  const changes = changesOf(
    'postgres',
    /^alter table \w+ (?:alter (?:column )?\w+ (?:set data )?type|add (?:column )?(?!constraint|foreign|check|exclude|key)\w+ )/,
  )
  // Whether a time with a zone is written anew depends on the zone of the session.
  const ignored = /mood|unique|check|references|type timestamp$/

  it('is what is said to be locked', async () => {
    const driver = await postgres?.create()
    if (!driver) throw new Error('PostgreSQL has gone.')
    const { connection } = await openMigrations(driver, [])
    const seen: string[] = []
    for (const change of changes.filter((one) => !ignored.test(one))) {
      const said = (await judged('postgres', change)).some((hazard) => hazard.startsWith('locking'))
      const rewritten = await connection.exclusive(async (run) => {
        await run('begin')
        for (const statement of LIBRARY.postgres) await run(statement)
        const [, table] = /^alter table (\w+)/.exec(change) ?? []
        const node = async () => (await run(`select pg_relation_filenode('${table}') as node`))[0]?.node
        const before = await node()
        await run(change)
        const after = await node()
        await run('rollback')
        return before !== after
      })
      seen.push(`${change}: ${said === rewritten ? 'as said' : `said ${said}, and was ${rewritten}`}`)
    }
    expect(seen).toEqual(seen.map((line) => `${line.split(': ')[0]}: as said`))
    expect(seen.length).toBeGreaterThan(20)
  })
})

describe.runIf(mariadb)('what MariaDB refuses to do without a lock', () => {
  const changes = changesOf('mysql', /^alter table \w+ (?:modify|change|add|drop|convert)/)
  // What these do depends on more than the table of this test.
  const ignored = /partition|ignore|lock=|algorithm|drop index|drop primary key|utf8mb4|auto_increment/

  it('is what is said to be locked', async () => {
    const driver = await mariadb?.create()
    if (!driver) throw new Error('MariaDB has gone.')
    const { connection } = await openMigrations(driver, [])
    const seen: string[] = []
    for (const change of changes.filter((one) => !ignored.test(one))) {
      const said = (await judged('mysql', change)).some((hazard) => hazard.startsWith('locking'))
      await connection.execute('drop table if exists book, author')
      for (const statement of LIBRARY.mysql) await connection.execute(statement)
      let refused = ''
      try {
        await connection.execute(`${change}, lock=none`)
      } catch (error) {
        refused = error instanceof Error ? error.message : String(error)
        expect(refused).toMatch(/LOCK=NONE/)
      }
      seen.push(
        `${change}: ${said === (refused !== '') ? 'as said' : `said ${said}, and ${refused || 'was done'}`}`,
      )
    }
    expect(seen).toEqual(seen.map((line) => `${line.split(': ')[0]}: as said`))
    expect(seen.length).toBeGreaterThan(20)
  })
})
