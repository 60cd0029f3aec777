import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Dialect } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../../support/app-folder.ts'
import { MigratingApp, migration, run } from '../../migrations/support/migrating-app.ts'
import { type DatabaseKind, everyKind } from '../../migrations/support/own-databases.ts'
import { appliedNames } from '../../migrations/support/schema-dump.ts'

const FOR_SHOP = ['db', 'migrate', '--module', 'shop']

/** Knows where the module is, as what loads modules does. */
const CONFIG = `
import { defineApp, ServiceProvider } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
import path from 'node:path'
const migrations = path.resolve(import.meta.dirname, '../modules/shop/migrations')
const source = { module: 'shop', connection: 'main', version: '1.10.0', migrations }
class Double extends ServiceProvider {
  override register() {
    this.app.instance('modules.databases', { all: () => [source], open: async () => source })
  }
}
export default defineApp({ name: 'migrating', providers: [DatabaseServiceProvider, Double], models: [] })
`

/** Its last migration waits for a word of the test. */
async function shop(kind: DatabaseKind) {
  const database = await kind.create()
  const hold = `
    writeFileSync(\`\${markers}/holding-\${process.pid}\`, '')
    while (!existsSync(\`\${markers}/go\`)) await setTimeout(10)`
  const texts = {
    '1.2.0': migration('Two', run('create table tally (name varchar(20) not null)')),
    '1.9.0': migration(
      'Nine',
      run("insert into tally (name) values ('nine')", "insert into tally (name) values ('more')"),
    ),
    '1.10.0': migration('Ten', `${run("insert into tally (name) values ('ten')")}\n${hold}`),
  }
  const files = Object.entries(texts).map(([name, text]) => [`modules/shop/migrations/${name}.ts`, text])
  const app = new MigratingApp({
    url: database.url,
    files: { ...Object.fromEntries(files), 'config/app.ts': CONFIG },
  })
  const markers = emptyFolder()
  const env = { LIMBER_TEST_MARKERS: markers }
  return { database, app, markers, start: () => app.start(FOR_SHOP, { env }) }
}

const names = ['1.2.0', '1.9.0', '1.10.0']
const holders = (markers: string) => readdirSync(markers).filter((file) => file.startsWith('holding-'))
const goOn = (markers: string) => writeFileSync(path.join(markers, 'go'), '')

/** MySQL and MariaDB have committed what an interrupted migration has done: a person says that it goes on. */
const resume = (dialect: Dialect) => (dialect === 'mysql' ? ['--resume'] : [])

describe.each(await everyKind())('processes that migrate a module on $title', (kind) => {
  it('apply each version once, when there are two at once', { timeout: 120_000 }, async () => {
    const { database, markers, start } = await shop(kind)
    const both = [start(), start()]
    await expect.poll(() => holders(markers), { timeout: 60_000, interval: 20 }).toHaveLength(1)
    goOn(markers)
    const ended = await Promise.all(both.map((each) => each.ended))
    expect(ended.map(({ code, stderr }) => code || stderr.replace(/Waiting: .*\n/, ''))).toEqual(['', ''])
    expect(ended.map(({ stdout }) => stdout.match(/Applied/g)?.length ?? 0).sort()).toEqual([0, 3])
    expect(await database.ask('select name from tally order by name')).toHaveLength(3)
    expect((await appliedNames(database)).sort()).toEqual([...names].sort())
  })

  it('leave whole versions when they are killed, and the next run finishes', {
    timeout: 120_000,
  }, async () => {
    const { database, app, markers, start } = await shop(kind)
    const victim = start()
    await expect.poll(() => holders(markers), { timeout: 60_000, interval: 20 }).toHaveLength(1)
    victim.child.kill('SIGKILL')
    expect((await victim.ended).signal).toBe('SIGKILL')
    expect((await appliedNames(database)).sort()).toEqual(['1.2.0', '1.9.0'])
    goOn(markers)
    await app.succeed([...FOR_SHOP, ...resume(kind.dialect)], { env: { LIMBER_TEST_MARKERS: markers } })
    expect((await appliedNames(database)).sort()).toEqual([...names].sort())
    expect(await database.ask("select name from tally where name = 'ten'")).toHaveLength(1)
  })
})
