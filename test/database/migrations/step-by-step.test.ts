import { describe, expect, it, onTestFinished } from 'vitest'
import { APART, execute, migration, type Place, places, writeHoldUp } from './place.ts'

const NAME = '20260101000001_steps'
const ONE = 'create table one (id integer)'
const TWO = 'insert into one values (1)'
const THREE = 'create table three (id integer)'

const run = async (place: Place, ...argv: string[]) => {
  const { exitCode, stdout, stderr } = await place.run('db', ...argv)
  return { code: exitCode, said: stdout + stderr }
}
const state = async (place: Place) => /(\w+)(?: +\d+ .*)?\n$/.exec((await run(place, 'status')).said)?.[1]
const ones = (place: Place) => place.rows('select id from one')

/** Ends the process when it is held up. */
async function kill(place: Place, ...argv: string[]): Promise<void> {
  const process = place.start('db', ...argv)
  onTestFinished(() => void process.child.kill('SIGKILL'))
  await process.wrote('held up')
  process.child.kill('SIGKILL')
  expect((await process.ended).signal).toBe('SIGKILL')
  place.letGo()
}

describe.each(await places())('$title: a migration without a transaction', ({ create }) => {
  it('that fails says what was carried out, is not gone over, and goes on with --resume', async () => {
    const place = await create()
    const broken = 'insert into nowhere values (1)'
    place.write({ [NAME]: migration('Steps', execute(ONE, TWO, broken, THREE), APART) })
    const { code, said } = await run(place, 'migrate')
    expect(code).toBe(4)
    expect(said).toContain('[LIMBER_MIGRATION_FAILED]')
    expect(said).toContain(`at    statement 1: carried out: ${ONE}\n`)
    expect(said).toContain(`at    statement 2: carried out: ${TWO}\n`)
    expect(said).toContain(`at    statement 3: failed: ${broken}\n`)
    expect(said).not.toContain(THREE)
    expect(said).toContain('limber db migrate --resume')
    expect(await state(place)).toBe('interrupted')

    const again = await run(place, 'migrate')
    expect(again.code).toBe(4)
    expect(again.said).toContain('[LIMBER_MIGRATION_INTERRUPTED]')
    expect(again.said).toContain(`statement 2: carried out: ${TWO}`)
    expect((await run(place, 'rollback')).said).toContain('[LIMBER_MIGRATION_INTERRUPTED]')

    place.write({ [NAME]: migration('Steps', execute(ONE, 'insert into one values (2)', THREE), APART) })
    const changed = await run(place, 'migrate', '--resume')
    expect([changed.code, changed.said]).toEqual([4, expect.stringContaining('statement 2 is not the one')])
    expect(changed.said).toContain('LIMBER_RESUME')

    place.write({ [NAME]: migration('Steps', execute(ONE, TWO, THREE), APART) })
    expect((await run(place, 'migrate', '--resume')).said).toContain(`Applied ${NAME}`)
    expect(await ones(place)).toEqual([{ id: 1 }])
    expect(await place.rows('select id from three')).toEqual([])
    expect(await place.rows('select name from limber_migration_progress')).toEqual([])
    expect(await state(place)).toBe('applied')
  })

  it('that is killed is interrupted, and --resume carries out each statement once', async () => {
    const place = await create()
    writeHoldUp(place)
    const up = `${execute(ONE, TWO)}
    const rows = await this.execute('select id from one')
    await holdUp()
    await this.execute('insert into one values (?)', [Number(rows[0]?.id) + 1])`
    place.write({ [NAME]: migration('Steps', up, APART) })
    await kill(place, 'migrate')
    expect(await state(place)).toBe('interrupted')
    const refused = await run(place, 'migrate')
    expect([refused.code, refused.said]).toEqual([
      4,
      expect.stringContaining('after 2 statements, which stay'),
    ])
    expect((await run(place, 'migrate', '--resume')).code).toBe(0)
    expect(await ones(place)).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('can be interrupted on the way back as well', async () => {
    const place = await create()
    const down = (...statements: string[]) =>
      `${APART}\n  override async down() { ${execute(...statements)} }`
    const third = "update one set id = 'x' where nowhere = 1"
    place.write({
      [NAME]: migration('Steps', execute(ONE, TWO), down('delete from one', third, 'drop table one')),
    })
    expect((await run(place, 'migrate')).code).toBe(0)
    expect((await run(place, 'rollback')).said).toContain('statement 2: failed:')
    expect((await run(place, 'migrate', '--resume')).said).toContain('limber db rollback --resume')
    place.write({ [NAME]: migration('Steps', execute(ONE, TWO), down('delete from one', 'drop table one')) })
    expect((await run(place, 'rollback', '--resume')).said).toContain(`Rolled back ${NAME}`)
    expect(await state(place)).toBe('pending')
  })

  it('of which nothing was carried out is pending again', async () => {
    const place = await create()
    place.write({ [NAME]: migration('Steps', execute('insert into nowhere values (1)'), APART) })
    expect((await run(place, 'migrate')).said).toContain('Nothing of it was applied')
    expect(await state(place)).toBe('pending')
  })

  it('does nothing behind a failure that nobody awaits', async () => {
    const place = await create()
    const up = [ONE, 'insert into nowhere values (1)', TWO]
      .map((sql) => `void this.execute('${sql}')`)
      .join('\n')
    place.write({ [NAME]: migration('Steps', up, APART) })
    expect((await run(place, 'migrate')).code).toBe(4)
    expect(await ones(place)).toEqual([])
  })
})

for (const { title, create } of await places()) {
  if (title === 'PostgreSQL')
    it('PostgreSQL: an index is made concurrently', async () => {
      const place = await create()
      const index = 'create index concurrently one_id on one (id)'
      place.write({ [NAME]: migration('Steps', execute(ONE, TWO, index), APART) })
      expect((await run(place, 'migrate')).said).toContain(`Applied ${NAME}`)
      const [found] = await place.rows(
        "select indisvalid as ok from pg_index where indexrelid = 'one_id'::regclass",
      )
      expect(found).toEqual({ ok: true })
    })

  if (title === 'SQLite')
    it('SQLite: vacuum runs outside of a transaction', async () => {
      const place = await create()
      place.write({ [NAME]: migration('Steps', execute(ONE, 'vacuum', 'pragma user_version = 7'), APART) })
      expect((await run(place, 'migrate')).said).toContain(`Applied ${NAME}`)
      expect(await place.rows('pragma user_version')).toEqual([{ user_version: 7 }])
    })

  if (title === 'MariaDB')
    it('MariaDB: what changes the schema commits, and rows since then are undone', async () => {
      const place = await create()
      const broken = 'insert into nowhere values (1)'
      place.write({ [NAME]: migration('Steps', execute(ONE, TWO, THREE, TWO, broken)) })
      const { said } = await run(place, 'migrate')
      expect(said).toContain(`statement 3: carried out: ${THREE}`)
      expect(said).not.toContain('statement 4: carried out')
      expect(await ones(place)).toEqual([{ id: 1 }])
      place.write({ [NAME]: migration('Steps', execute(ONE, TWO, THREE, TWO)) })
      expect((await run(place, 'migrate', '--resume')).code).toBe(0)
      expect(await ones(place)).toEqual([{ id: 1 }, { id: 1 }])
    })

  if (title === 'MariaDB')
    it('MariaDB: a statement that was carried out and not noted is not done twice', async () => {
      const place = await create()
      place.write({ [NAME]: migration('Steps', execute(ONE, TWO, 'insert into nowhere values (1)')) })
      await run(place, 'migrate')
      // As a process leaves it that is killed between the statement and its note.
      await place.rows(
        `update limber_migration_progress set done = '["${ONE}","${TWO}"]', started = '${THREE}'`,
      )
      await place.rows(TWO)
      await place.rows(THREE)
      place.write({ [NAME]: migration('Steps', execute(ONE, TWO, THREE)) })
      expect((await run(place, 'migrate')).said).toContain(`statement 3: begun: ${THREE}`)
      expect((await run(place, 'migrate', '--resume')).said).toContain(`Applied ${NAME}`)
      expect(await ones(place)).toEqual([{ id: 1 }])
    })
}
