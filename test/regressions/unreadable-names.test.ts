/** Reported: names with quotes were written and applied, and every later makemigrations died of a syntax error. */
import { Model } from 'limber/database'
import { Entity, Index, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { modelHistory } from './support/model-history.ts'

it.each(['od"d', 'od`d', "od'd", 'od d', 'od.d', 'od[d]'])(
  'a table called %s is refused',
  async (tableName) => {
    @Entity({ tableName })
    class Odd extends Model {}
    const history = modelHistory({ 'database/migrations/.gitkeep': '' })
    const { exitCode, stdout, stderr } = await history.make([Odd])
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('SchemaNotRepresentableError [LIMBER_SCHEMA_NOT_REPRESENTABLE]')
    expect(stderr).toContain(`The table "${tableName}" cannot be migrated`)
    expect(stderr).not.toContain('    at ')
    expect(history.files()).toEqual(['migrations', 'migrations/.gitkeep'])
  },
)

it('an index with quotes in its name is refused', async () => {
  @Entity({ tableName: 'shelf' })
  class Shelf extends Model {
    @Index({ name: "we'ird `n`" })
    @Property()
    label!: string
  }
  const { exitCode, stderr } = await modelHistory().make([Shelf])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The table "shelf" cannot be migrated: the index is called "we\'ird `n`"')
})

it.each([
  ['a name with a quote', 'od`d', 'create table "od`d" (id integer)'],
  ['a virtual table', 'search', 'create virtual table search using fts5 (text)'],
])('%s of an earlier migration is named, and no stack trace is printed', async (_what, name, sql) => {
  const history = modelHistory({
    'database/migrations/20260101000001_odd.ts': `import { Migration } from 'limber/database'
export class Odd extends Migration {
  override async up() {
    await this.execute(${JSON.stringify(sql)})
  }
}
`,
  })
  const { exitCode, stderr } = await history.make([])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('LIMBER_SCHEMA_NOT_REPRESENTABLE')
  expect(stderr).toContain(`What the migrations call "${name}" cannot be read back`)
  expect(stderr).not.toContain('    at ')
})

it('a check that the database cannot read is refused before anything is written', async () => {
  @Entity({ tableName: 'shelf' })
  class Shelf extends Model {
    @Property({ check: 'boards >' })
    boards!: number
  }
  const history = modelHistory({ 'database/migrations/.gitkeep': '' })
  const { exitCode, stderr } = await history.make([Shelf])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('The database refuses create table `shelf`')
  expect(history.files()).toEqual(['migrations', 'migrations/.gitkeep'])
})
