/**
 * Found by random work: PostgreSQL writes some names of columns in quotes, and an index over them was taken for one over an
 * expression. Its changes were not seen: switched on, soft delete left it unique over the trash.
 */
import type { Driver } from 'limber/database'
import { Entity, Index, PrimaryKey, Property, types, Unique } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../database/support/every-database.ts'
import { commandsIn, succeed, tempFolder, write } from '../database/support/library-application.ts'

/** What is a word of SQL, has capitals, or has signs. */
const NAMES = ['default', 'theName', 'a-b, (c)'] as const

class Columns {
  @PrimaryKey({ type: types.integer, fieldName: 'theKey' })
  key!: number

  @Property({ fieldName: NAMES[0], length: 50 })
  first!: string

  @Property({ fieldName: NAMES[1], length: 50 })
  second!: string

  @Property({ fieldName: NAMES[2], length: 50 })
  third!: string
}

@Entity({ tableName: 'group' })
@Unique({ name: 'one_first', properties: ['first'] })
@Unique({ name: 'one_second', properties: ['second'] })
@Unique({ name: 'one_third', properties: ['third'] })
@Index({ name: 'by_all', properties: ['second', 'third', 'first'] })
class Hard extends Columns {}

@Entity({ tableName: 'group' })
@Unique({ name: 'one_first', properties: ['first'] })
@Unique({ name: 'one_second', properties: ['second'] })
@Unique({ name: 'one_third', properties: ['third'] })
@Index({ name: 'by_all', properties: ['second', 'third', 'first'] })
class Soft extends Columns {
  static softDelete = true

  @Property({ type: types.datetime, length: 3, nullable: true, fieldName: 'deletedAt' })
  deletedAt?: Date | null
}

@Entity({ tableName: 'group' })
@Unique({ name: 'one_first', properties: ['first', 'second'] })
@Unique({ name: 'one_second', properties: ['second', 'third'] })
@Unique({ name: 'one_third', properties: ['third', 'first'] })
@Index({ name: 'by_all', properties: ['third'] })
class Wider extends Columns {}

function project(driver: Driver) {
  const root = tempFolder()
  write(root, {})
  const q = (name: string) => (driver.dialect === 'postgres' ? `"${name}"` : `\`${name}\``)
  const open = (model: typeof Columns) => commandsIn({ root, driver, models: [model] })
  const sql = async (statement: string, values: readonly unknown[] = []) => {
    const test = await open(Hard)
    await test.app.ready(['db'])
    return test.make('db.connection').execute(statement, values)
  }
  return {
    async become(model: typeof Columns): Promise<void> {
      const test = await open(model)
      await succeed(test, 'db', 'makemigrations', '--message', 'change')
      await succeed(test, 'db', 'migrate')
      const again = await succeed(test, 'db', 'makemigrations', '--message', 'again', '--dry-run')
      expect(again).toMatch(/nothing to write/)
    },
    rollback: async () => succeed(await open(Hard), 'db', 'rollback'),
    add: (key: number, ...values: readonly string[]) =>
      sql(`insert into ${q('group')} (${['theKey', ...NAMES].map(q)}) values (?, ?, ?, ?)`, [key, ...values]),
    trashAll: () => sql(`update ${q('group')} set ${q('deletedAt')} = '2026-01-01 00:00:00'`),
  }
}

const TAKEN = { code: 'LIMBER_UNIQUE_VIOLATION' }

for (const database of (await everyDatabase()).filter(({ title }) => !/memory/.test(title))) {
  describe(`on ${database.title}, over columns whose names need quotes`, () => {
    it('unique indexes leave out the trash as soon as soft delete is on, and until it is off', async () => {
      const { become, rollback, add, trashAll } = project(await database.create())
      await become(Hard)
      await add(1, 'a', 'b', 'c')
      await become(Soft)
      await expect(add(2, 'a', 'x', 'x')).rejects.toMatchObject(TAKEN)
      await expect(add(2, 'x', 'b', 'x')).rejects.toMatchObject(TAKEN)
      await expect(add(2, 'x', 'x', 'c')).rejects.toMatchObject(TAKEN)
      await trashAll()
      await add(2, 'a', 'b', 'c')
      await expect(rollback()).rejects.toThrow(/LIMBER_MIGRATION_FAILED/)
    })

    it('what soft delete had made of them comes back when switching it off is taken back', async () => {
      const { become, rollback, add, trashAll } = project(await database.create())
      await become(Soft)
      await add(1, 'a', 'b', 'c')
      await become(Hard)
      await expect(add(2, 'a', 'x', 'x')).rejects.toMatchObject(TAKEN)
      await rollback()
      await expect(add(2, 'x', 'x', 'c')).rejects.toMatchObject(TAKEN)
      await trashAll()
      await add(2, 'a', 'b', 'c')
    })

    it('an index over other columns under the same name is written, and taken back', async () => {
      const { become, rollback, add } = project(await database.create())
      await become(Hard)
      await add(1, 'a', 'b', 'c')
      await become(Wider)
      await add(2, 'x', 'b', 'x')
      await expect(add(3, 'a', 'b', 'x')).rejects.toMatchObject(TAKEN)
      await expect(rollback()).rejects.toThrow(/LIMBER_MIGRATION_FAILED/)
    })
  })
}
