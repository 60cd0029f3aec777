import { rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { succeed, write } from '../support/library-application.ts'
import { execute, migration, places } from './place.ts'

const FIRST = '20260101000001_first'
const SECOND = '20260101000002_second'
const THIRD = '20260101000003_third'
const table = (name: string) => migration(name, execute(`create table ${name.toLowerCase()} (id integer)`))

describe.each(await places())('$title: the ledger', ({ create }) => {
  const states = async (test: Awaited<ReturnType<Awaited<ReturnType<typeof create>>['open']>>) => {
    const list: { name: string; state: string; isOutOfOrder: boolean }[] = JSON.parse(
      await succeed(test, 'db', 'status', '--json'),
    )
    return list.map(({ name, state, isOutOfOrder }) => `${name} ${state}${isOutOfOrder ? ' late' : ''}`)
  }

  it('tells what has changed, what is missing and what came late', async () => {
    const place = await create()
    place.write({ [FIRST]: table('First'), [THIRD]: table('Third') })
    const test = await place.open()
    await succeed(test, 'db', 'migrate')
    // Only the ends of the lines are others.
    place.write({ [FIRST]: table('First').replaceAll('\n', '\r\n') })
    expect(await states(test)).toEqual([`${FIRST} applied`, `${THIRD} applied`])
    place.write({ [FIRST]: `${table('First')}// a word\n`, [SECOND]: table('Second') })
    rmSync(path.join(place.root, `database/migrations/${THIRD}.ts`))
    expect(await states(test)).toEqual([`${FIRST} changed`, `${SECOND} pending late`, `${THIRD} missing`])
    expect(await succeed(test, 'db', 'status')).toMatch(new RegExp(`${SECOND} +pending, out of order`))
    const { exitCode, stdout, stderr } = await test.run('db', 'migrate')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Applied ${SECOND}`)])
    expect(stderr.split('\n')).toEqual([
      `Warning: ${FIRST} has changed since it was applied: the database has what it was before.`,
      `Warning: ${SECOND} is older than what is applied: it is applied now, after newer ones.`,
      `Warning: ${THIRD} is applied, but its file is gone.`,
      '',
    ])
    expect(await place.rows('select name, batch from limber_migrations order by name')).toEqual([
      { name: FIRST, batch: 1 },
      { name: SECOND, batch: 2 },
      { name: THIRD, batch: 1 },
    ])
  })

  it('of before gets its column with the next run, and not by reading', async () => {
    const place = await create()
    place.write({ [FIRST]: table('First'), [SECOND]: table('Second') })
    await place.rows(
      'create table limber_migrations (name varchar(255) not null primary key, batch integer not null, applied_at varchar(30) not null)',
    )
    await place.rows(`insert into limber_migrations values ('${FIRST}', 1, '2026-01-01T00:00:00.000Z')`)
    const test = await place.open()
    expect(await states(test)).toEqual([`${FIRST} applied`, `${SECOND} pending`])
    const columns = async () => Object.keys((await place.rows('select * from limber_migrations'))[0] ?? {})
    expect(await columns()).toEqual(['name', 'batch', 'applied_at'])
    await succeed(test, 'db', 'migrate')
    expect(await columns()).toEqual(['name', 'batch', 'applied_at', 'checksum'])
    place.write({ [FIRST]: `${table('First')}// a word\n` })
    // Nobody knows what it was.
    expect(await states(test)).toEqual([`${FIRST} applied`, `${SECOND} applied`])
  })
})

describe('a build', () => {
  const built = async () => {
    const [kind] = await places()
    if (!kind) throw new Error('SQLite is always there')
    const source = await kind.create()
    source.write({ [FIRST]: table('First'), [SECOND]: table('Second') })
    const compiled = (name: string) =>
      table(name)
        .replaceAll('override ', '')
        .replace(/^ {2}\n/m, '')
    write(source.root, {
      [`dist/${FIRST}.js`]: compiled('First'),
      [`dist/${SECOND}.js`]: compiled('Second'),
    })
    return source
  }

  it('and its source agree about what is applied, by its manifest', async () => {
    const place = await built()
    const test = await place.open()
    expect(await succeed(test, 'db', 'manifest', '--out', 'dist')).toBe(
      'Wrote dist/manifest.json with the checksums of 2 migrations\n',
    )
    const fromBuild = await place.open({ migrations: 'dist' })
    await succeed(fromBuild, 'db', 'migrate')
    expect(await succeed(test, 'db', 'migrate')).toBe('Nothing to migrate.\n')
    expect(JSON.parse(await succeed(test, 'db', 'status', '--json'))).toMatchObject([
      { name: FIRST, state: 'applied' },
      { name: SECOND, state: 'applied' },
    ])
    place.write({ [FIRST]: `${table('First')}// a word\n` })
    expect(await succeed(test, 'db', 'status')).toMatch(new RegExp(`${FIRST} +changed`))
    const json = JSON.parse(await succeed(test, 'db', 'manifest', '--out', 'dist', '--json'))
    expect([json.file, Object.keys(json.checksums)]).toEqual(['dist/manifest.json', [FIRST, SECOND]])
    expect(await succeed(fromBuild, 'db', 'status')).toMatch(new RegExp(`${FIRST} +changed`))
  })

  it.each([
    ['of another build', '{ "20260101000001_first": "x" }', `${SECOND} is not in it`],
    ['that is no JSON', '<<<<<<< HEAD', 'JSON'],
    ['of another kind', '[1]', 'no list of names and checksums'],
  ])('with a manifest %s is refused, and nothing is applied', async (_what, manifest, reason) => {
    const place = await built()
    write(place.root, { 'dist/manifest.json': manifest })
    const test = await place.open({ migrations: 'dist' })
    const { exitCode, stderr } = await test.run('db', 'migrate')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('[LIMBER_MANIFEST]')])
    expect(stderr).toContain(reason)
    expect(await place.rows('select name from sqlite_master')).toEqual([])
  })

  it('without a manifest has no checksums, which are not made up', async () => {
    const place = await built()
    const test = await place.open({ migrations: 'dist' })
    const migrated = await test.run('db', 'migrate')
    expect(migrated.stderr).toMatch(/^Warning: A build without manifest.json has no checksums/)
    expect(await place.rows('select checksum from limber_migrations')).toEqual([
      { checksum: null },
      { checksum: null },
    ])
    const { exitCode, stderr } = await test.run('db', 'manifest')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('the source of')])
  })
})
