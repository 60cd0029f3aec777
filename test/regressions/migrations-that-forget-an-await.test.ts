import { describe, expect, it } from 'vitest'
import { lastingDatabases, project } from '../database/migrations/project.ts'
import { write } from '../database/support/library-application.ts'

const source = (name: string, body: string) => `import { Migration } from 'limber/database'

export class ${name} extends Migration {
  ${body}
}
`

const HELPER = source(
  'Helper',
  `override async up() {
    this.tables()
  }

  async tables() {
    await this.execute('create table first (id integer)')
    await this.execute('create table second (id integer)')
    await this.execute('insert into second values (1)')
  }`,
)

const LATE = source(
  'Late',
  `override async up() {
    await this.execute('create table early (id integer)')
    globalThis.lateMigration = this.late().catch((error) => { globalThis.lateMigrationError = error })
  }

  async late() {
    await new Promise((go) => { globalThis.goOnLate = go })
    await this.execute('create table late (id integer)')
  }`,
)

const WAITS = source(
  'Waits',
  `override async up() {
    globalThis.goOnLate()
    await globalThis.lateMigration
  }`,
)

const QUEUED = source(
  'Queued',
  `override async up() {
    for (const n of [1, 2, 3]) this.execute('create table queued_' + n + ' (id integer)')
    throw new Error('changed its mind')
  }`,
)

const BATCHES = source(
  'Batches',
  `static override transaction = false

  override async up() {
    await this.execute('create table many (id integer)')
    await this.execute('insert into many values (1)')
    await this.batches({ table: 'many', key: 'id' }, (rows) => { this.each(rows).catch(() => undefined) })
  }

  async each(rows) {
    await this.execute('update many set id = 2')
    await this.execute('update many set nothing = 1')
  }`,
)

const BESIDE = source(
  'Beside',
  `override async up() {
    await this.execute('create table beside (id integer)')
    await this.execute('insert into beside values (1)')
    const { promise, resolve } = Promise.withResolvers()
    const all = this.batches({ table: 'beside', key: 'id' }, async () => {
      resolve()
      await new Promise((go) => setImmediate(go))
    })
    await promise
    await this.execute('insert into beside values (2)')
    await all
  }`,
)

for (const database of await lastingDatabases()) {
  describe(`${database.title}: a migration`, () => {
    const having = async (text: Readonly<Record<string, string>>) => {
      const made = project(await database.create())
      for (const [name, content] of Object.entries(text))
        write(made.root, { [`database/migrations/${name}.ts`]: content })
      const states = async () =>
        JSON.parse(await made.command([], 'status', '--json')).map(({ state }: { state: string }) => state)
      return { ...made, states }
    }

    it('that calls a helper without waiting for it ends when the helper has', async () => {
      const { command, sql, states } = await having({ '20260101000001_helper': HELPER })
      await command([], 'migrate')
      expect(await states()).toEqual(['applied'])
      expect(await sql('select id from second')).toEqual([{ id: 1 }])
    })

    it('that goes on after its end is refused, and changes nothing more', async () => {
      const { command, sql, states } = await having({
        '20260101000001_late': LATE,
        '20260101000002_waits': WAITS,
      })
      await command([], 'migrate')
      expect(Reflect.get(globalThis, 'lateMigrationError')).toMatchObject({ code: 'LIMBER_MIGRATION_OVER' })
      expect(await states()).toEqual(['applied', 'applied'])
      await expect(sql('select * from late')).rejects.toThrow()
    })

    it('that throws leaves nothing behind that it has not waited for', async () => {
      const { run, sql } = await having({ '20260101000001_queued': QUEUED })
      expect(await run([], 'migrate')).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('changed its mind'),
      })
      for (const n of [2, 3]) await expect(sql(`select * from queued_${n}`)).rejects.toThrow()
    })

    it('may run a statement beside a batch, which waits for its end', async () => {
      const { command, sql } = await having({ '20260101000001_beside': BESIDE })
      await command([], 'migrate')
      expect(await sql('select id from beside order by id')).toEqual([{ id: 1 }, { id: 2 }])
    })

    it('does not end a batch before what it has begun', async () => {
      const { run, sql, states } = await having({ '20260101000001_batches': BATCHES })
      expect(await run([], 'migrate')).toMatchObject({ exitCode: 4 })
      expect(await states()).toEqual(['interrupted'])
      expect(await sql('select id from many')).toEqual([{ id: 1 }])
    })
  })
}
