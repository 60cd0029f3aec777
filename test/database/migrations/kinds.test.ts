/** Migrations that a person fills in, and the options of makemigrations. */
import { fromUrl, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { project } from './project.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string
}

const library = () => project(fromUrl('sqlite:library.sqlite'))

it('--empty writes one that does nothing in both directions, and leaves the models for the next', async () => {
  const { command, latest, files, recorded } = library()
  await command([Shelf], 'makemigrations', '-m', 'create')
  const { fingerprint } = JSON.parse(recorded()) as { fingerprint: string }
  expect(await command([], 'makemigrations', '-m', 'by hand', '--empty')).toMatch(/^Wrote .*\nFill it in/)
  expect(latest()).toMatch(/class ByHand extends Migration/)
  expect(latest()).not.toContain('execute')
  await command([Shelf], 'migrate')
  await command([Shelf], 'rollback', '--step', '1')
  expect(files()).toHaveLength(2)
  expect(JSON.parse(recorded())).toMatchObject({ fingerprint, migration: files()[1]?.replace('.ts', '') })
})

it('--data writes one that goes through a table in batches', async () => {
  const { command, latest } = library()
  await command([], 'makemigrations', '-m', 'fill isbn', '--data')
  expect(latest()).toContain('static override transaction = false')
  expect(latest()).toContain("await this.batches({ table: 'table_name', key: 'id' }, async (rows) => {")
  expect(latest()).not.toContain('create table')
})

it('of both kinds at once is refused', async () => {
  const { run } = library()
  const { exitCode, stderr } = await run([], 'makemigrations', '-m', 'x', '--data', '--empty')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('LIMBER_MIGRATION_KIND')
})

it.each(['--data', '--empty'])('%s heeds --dry-run and --json', async (kind) => {
  const { command, files } = library()
  expect(await command([], 'makemigrations', '-m', 'x', kind, '--dry-run')).toMatch(/^Would write/)
  expect(() => files()).toThrow(/ENOENT/)
  const said: unknown = JSON.parse(await command([], 'makemigrations', '-m', 'x', kind, '--json'))
  expect(said).toMatchObject({ file: `database/migrations/${files()[0]}` })
})

it('--connection names the database whose kind the statements are for', async () => {
  const { run } = library()
  const { stderr } = await run([Shelf], 'makemigrations', '-m', 'x', '--connection', 'other')
  expect(stderr).toContain('LIMBER_CONNECTION_NOT_FOUND')
})
