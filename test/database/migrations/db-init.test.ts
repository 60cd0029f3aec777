import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { runLimber } from '../../support/run-limber.ts'
import { openRaw } from '../support/library-application.ts'

const CONFIG = `
  import { defineApp } from 'limber'
  import { DatabaseServiceProvider } from 'limber/database'
  export default defineApp({
    name: 'new',
    providers: [DatabaseServiceProvider],
    models: [() => import('../app/shelf.ts')],
  })
`
const MODEL = `
  import { Model } from 'limber/database'
  import { Entity, Property } from 'limber/database/mapping'
  @Entity()
  export class Shelf extends Model {
    @Property()
    label!: string
  }
`

const newApplication = () => appFolder({ 'config/app.ts': CONFIG, 'app/shelf.ts': MODEL })

/** Every file below the folder, with a hash of what is in it. */
function filesOf(folder: string): Record<string, string> {
  const files = ['app', 'config', 'database', 'storage']
    .flatMap((part) =>
      readdirSync(path.join(folder, part), { recursive: true, encoding: 'utf8' }).map((name) =>
        path.join(folder, part, name),
      ),
    )
    .filter((file) => statSync(file).isFile())
    // What SQLite has beside a file as long as it is open.
    .filter((file) => !/-(wal|shm)$/.test(file))
    .sort()
  const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), hash(file)]))
}

describe('limber db init', () => {
  it('brings an application without a database to one with its tables, and changes nothing when run again', async () => {
    const cwd = newApplication()
    const first = await runLimber(['db', 'init'], { cwd })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(
      /^Wrote config\/database\.ts\nWrote database\/migrations\/\d{14}_create_tables\.ts\nApplied \d{14}_create_tables\n$/,
    )
    const rows = openRaw(path.join(cwd, 'storage/limber.sqlite'))
      .prepare(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
      )
      .all()
    expect(rows).toEqual([{ name: 'limber_migrations' }, { name: 'shelf' }])

    const before = filesOf(cwd)
    expect(await runLimber(['db', 'init'], { cwd })).toMatchObject({
      code: 0,
      stdout: 'Configuration, migrations and database are there already: nothing was changed.\n',
    })
    expect(filesOf(cwd)).toEqual(before)
    expect(await runLimber(['db', 'check'], { cwd })).toMatchObject({ code: 0, stderr: '' })
  })

  it('tells programs what it did', async () => {
    const cwd = newApplication()
    const { stdout } = await runLimber(['db', 'init', '--json'], { cwd })
    const said: unknown = JSON.parse(stdout)
    expect(said).toMatchObject({ config: 'config/database.ts', hasMigrations: true })
    expect(said).toHaveProperty('applied', [expect.stringMatching(/_create_tables$/)])
  })

  it('is what the other commands of the database lead to', async () => {
    const cwd = newApplication()
    const { code, stderr } = await runLimber(['db', 'migrate'], { cwd })
    expect(code).not.toBe(0)
    expect(stderr).toContain('LIMBER_DATABASE_CONFIG_MISSING')
    expect(stderr).toContain('limber db init')
    expect(existsSync(path.join(cwd, 'config/database.ts'))).toBe(false)
  })

  it('applies the migrations that are there already, as after a checkout', async () => {
    const cwd = newApplication()
    await runLimber(['db', 'init'], { cwd })
    const { code, stdout } = await runLimber(['db', 'init'], {
      cwd,
      env: { DATABASE_URL: 'sqlite:other.sqlite' },
    })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Applied \d{14}_create_tables\n$/),
    })
  })

  it('says what is missing when there are no models', async () => {
    const cwd = appFolder({ 'config/app.ts': CONFIG.replace(/models: .*\n/, '') })
    const { code, stdout } = await runLimber(['db', 'init'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('There are no models yet')
    expect(existsSync(path.join(cwd, 'database/migrations'))).toBe(false)
  })

  it('changes nothing where the provider is not listed', async () => {
    const cwd = appFolder({
      'config/app.ts':
        "import { defineApp } from 'limber'\nexport default defineApp({ name: 'bare', providers: [] })\n",
    })
    const { code, stderr } = await runLimber(['db', 'init'], { cwd })
    expect(code).not.toBe(0)
    expect(stderr).toContain('LIMBER_COMMAND_PROVIDER_MISSING')
    expect(existsSync(path.join(cwd, 'config/database.ts'))).toBe(false)
  })
})
