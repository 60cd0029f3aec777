import fc from 'fast-check'
import { MigrationFailedError, MigrationFileError } from 'limber/database'
import semver from 'semver'
import { describe, expect, it } from 'vitest'
import { creates, migration, shopDatabases, shopOn } from './shop.ts'

const databases = await shopDatabases()
const isDeep = Boolean(process.env.LIMBER_TEST_DEEP)

const number = fc.integer({ min: 0, max: 12 })
const word = fc.oneof(number.map(String), fc.constantFrom('alpha', 'beta', 'rc', 'x-1'))
const version = fc
  .record({
    parts: fc.tuple(number, number, number),
    before: fc.option(fc.array(word, { minLength: 1, maxLength: 3 })),
    build: fc.option(fc.constantFrom('1', '20', 'linux'), { freq: 6 }),
  })
  .map(({ parts, before, build }) => {
    const pre = before ? `-${before.join('.')}` : ''
    return `${parts.join('.')}${pre}${build ? `+${build}` : ''}`
  })

describe.each(databases)('the migrations of a module on $title', ({ create }) => {
  it('are applied in the order of their versions, up to that of the manifest, and no other', async () => {
    const shop = await shopOn(await create())
    shop.write({
      '1.9.0': creates('nine'),
      '1.10.0': migration(['alter table nine add ten integer']),
      '2.0.0-beta.1': migration(['alter table nine add beta integer']),
      '2.0.0-beta.10': migration(['alter table nine add gamma integer']),
      '2.0.0': creates('two'),
      '2.0.1': creates('later'),
    })
    const warnings: string[] = []
    const first = await shop.open({ version: '1.10.0' })
    expect(await first.migrate({ onWarning: (text) => warnings.push(text) })).toEqual(['1.9.0', '1.10.0'])
    expect(warnings).toEqual(
      ['2.0.0-beta.1', '2.0.0-beta.10', '2.0.0', '2.0.1'].map(
        (name) => `${name} is not applied: the version in the manifest is 1.10.0.`,
      ),
    )
    const second = await shop.open({ version: '2.0.0' })
    expect(await second.migrate()).toEqual(['2.0.0-beta.1', '2.0.0-beta.10', '2.0.0'])
    expect(await second.migrate()).toEqual([])
    expect(await shop.rows('select * from nine')).toEqual([])
  })

  it('that fail leave those before them applied, and go on when they are corrected', async () => {
    const shop = await shopOn(await create())
    const good = { '1.1.0': creates('one'), '1.3.0': creates('three') }
    shop.write({ ...good, '1.2.0': migration(['insert into nothing values (1)']) })
    const app = await shop.open({ version: '1.3.0' })
    await expect(app.migrate()).rejects.toThrow(MigrationFailedError)
    expect(await shop.applied()).toEqual(['1.1.0'])
    shop.write({ '1.2.0': creates('two') })
    expect(await app.migrate()).toEqual(['1.2.0', '1.3.0'])
  })

  it('that arrive late are applied after newer ones, and said to be', async () => {
    const shop = await shopOn(await create())
    shop.write({ '1.2.0': creates('two'), '1.10.0': creates('ten') })
    const app = await shop.open({ version: '1.10.0' })
    await app.migrate()
    shop.write({ '1.9.0': creates('nine') })
    const warnings: string[] = []
    const { stdout } = await app.run('status', '--module', 'shop')
    expect(stdout).toMatch(/1\.2\.0 +applied.*1\.9\.0 +pending, out of order.*1\.10\.0 +applied/s)
    expect(await app.migrate({ onWarning: (text) => warnings.push(text) })).toEqual(['1.9.0'])
    expect(warnings).toEqual(['1.9.0 is older than what is applied: it is applied now, after newer ones.'])
  })

  it('that changed after they were applied are told, and not applied again', async () => {
    const shop = await shopOn(await create())
    shop.write({ '1.0.0': creates('one') })
    const app = await shop.open()
    await app.migrate()
    shop.write({ '1.0.0': creates('other') })
    const warnings: string[] = []
    expect(await app.migrate({ onWarning: (text) => warnings.push(text) })).toEqual([])
    expect(warnings).toEqual(['1.0.0 has changed since it was applied: the database has what it was before.'])
  })
})

describe('on any database', () => {
  it('a module that goes back to an older version is told that its database is ahead', async () => {
    const shop = await shopOn(await (databases[0] as (typeof databases)[0]).create())
    shop.write({ '1.0.0': creates('one'), '1.1.0': creates('two') })
    await (await shop.open({ version: '1.1.0' })).migrate()
    const warnings: string[] = []
    const older = await shop.open({ version: '1.0.0' })
    expect(await older.migrate({ onWarning: (text) => warnings.push(text) })).toEqual([])
    expect(warnings).toEqual([
      '1.1.0 is applied, and the version in the manifest is 1.0.0: the database is ahead of the code.',
    ])
  })

  it.each(['1.0.ts', '01.0.0.ts', '1.0.0.mts', 'v1.0.0.ts', '20260101000000_tables.ts'])(
    'a file called %s is refused: it would never be applied',
    async (name) => {
      const shop = await shopOn(await (databases[0] as (typeof databases)[0]).create())
      shop.write({ [name.replace(/\.ts$/, '')]: creates('one') })
      const app = await shop.open()
      await expect(app.migrate()).rejects.toThrow(MigrationFileError)
    },
  )

  it('random versions are applied in the order of semver', { timeout: 600_000 }, async () => {
    const [sqlite] = databases
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(version, { minLength: 1, maxLength: 12 }),
        version,
        async (versions, last) => {
          const shop = await shopOn(await (sqlite as (typeof databases)[0]).create())
          shop.write(Object.fromEntries(versions.map((name) => [name, migration(['select 1'])])))
          const app = await shop.open({ version: last })
          const oracle = versions.filter((name) => semver.lte(name, last)).sort(semver.compareBuild)
          expect(await app.migrate()).toEqual(oracle)
          const { stdout } = await app.run('status', '--module', 'shop', '--json')
          expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(oracle)
        },
      ),
      { numRuns: isDeep ? 300 : 8, endOnFailure: !isDeep },
    )
  })
})
