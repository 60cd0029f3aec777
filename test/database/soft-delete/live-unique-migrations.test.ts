/** Migrations write the unique indexes of soft-deleted models once, and change them when `softDelete` is switched. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import { type Driver, Model } from 'limber/database'
import { Entity, ManyToOne, OneToOne, Property, type Ref, types, Unique } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { commandsIn, succeed, tempFolder, write } from '../support/library-application.ts'
import { MODELS } from './models.ts'

@Entity({ tableName: 'shelf' })
class HardShelf extends Model {
  @Property({ unique: true })
  label!: string
}

@Entity({ tableName: 'shelf' })
class SoftShelf extends Model {
  static override softDelete = true

  @Property({ unique: true })
  label!: string
}

/** As it was before unique properties left the trash out. */
@Entity({ tableName: 'shelf' })
class CoveringShelf extends Model {
  static override softDelete = true

  @Property()
  @Unique({ name: 'shelf_label_unique', withTrashed: true })
  label!: string
}

@Entity({ tableName: 'shelf' })
class RenamedShelf extends Model {
  static override softDelete = true

  @Property({ unique: 'one_label' })
  label!: string
}

@Entity()
class Room extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
@Unique({ properties: ['room', 'number'] })
@Unique({ name: 'one_code', properties: ['code'] })
@Unique({ name: 'one_serial_ever', properties: ['serial'], withTrashed: true })
class Rack extends Model {
  static override softDelete = true

  @Property({ type: types.integer })
  number!: number

  @Property({ unique: true, nullable: true })
  code?: string | null

  @Property()
  serial!: string

  @ManyToOne(() => Room, { ref: true })
  room!: Ref<Room>

  @OneToOne(() => Room, { ref: true, nullable: true, deleteRule: 'cascade' })
  annex?: Ref<Room> | null

  @Property({ type: types.datetime, length: 3, nullable: true, fieldName: 'gone_at' })
  deletedAt?: Date | null
}

@Entity({ tableName: 'a_table_with_a_name_that_is_nearly_as_long_as_names_may_be' })
@Unique({ properties: ['aPropertyWithALongName', 'anotherPropertyWithALongName'] })
class Long extends Model {
  static override softDelete = true

  @Property({ length: 50 })
  aPropertyWithALongName!: string

  @Property({ length: 50 })
  anotherPropertyWithALongName!: string

  @Property({
    type: types.datetime,
    length: 3,
    nullable: true,
    fieldName: 'the_time_at_which_somebody_has_put_this_row_into_the_trash_can',
  })
  deletedAt?: Date | null
}

/** Each step opens the application again, with other models. */
function project(driver: Driver) {
  const root = tempFolder()
  write(root, {})
  const folder = path.join(root, 'database/migrations')
  const open = (models: readonly Lazy[]) => commandsIn({ root, driver, models })
  const files = () =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .sort()
  return {
    open,
    files,
    latest: () => readFileSync(path.join(folder, files().at(-1) ?? ''), 'utf8'),
    /** Writes and applies a migration to these models, and makes sure that nothing is left to add. */
    async migrate(message: string, ...models: Lazy[]) {
      const test = await open(models)
      await succeed(test, 'db', 'makemigrations', '--message', message)
      await succeed(test, 'db', 'migrate')
      const again = await succeed(test, 'db', 'makemigrations', '--message', 'again', '--dry-run')
      expect(again).toMatch(/nothing to write/)
      return test
    },
    async sql(statement: string, models: readonly Lazy[] = []) {
      const test = await open(models)
      await test.app.ready(['db'])
      return test.make('db.connection').execute(statement)
    },
  }
}

const LABELS = 'select id, label from shelf order by id'

for (const database of (await everyDatabase()).filter(({ title }) => !/memory/.test(title))) {
  describe(`on ${database.title}`, () => {
    const start = async () => project(await database.create())

    it('unique properties of every kind are written once, and then nothing is left to add', async () => {
      const { migrate, files } = await start()
      await migrate('create', Room, Rack, SoftShelf)
      expect(files()).toHaveLength(1)
    })

    it('the models of a whole house are written once', async () => {
      const { migrate, files } = await start()
      await migrate('create', ...MODELS)
      expect(files()).toHaveLength(1)
    })

    it('what was written is taken back and written again', async () => {
      const { migrate } = await start()
      const test = await migrate('create', Room, Rack, SoftShelf)
      await succeed(test, 'db', 'rollback')
      await succeed(test, 'db', 'migrate')
      expect(await succeed(test, 'db', 'makemigrations', '--message', 'x', '--dry-run')).toMatch(
        /nothing to write/,
      )
    })

    it('a plain unique index becomes one among live rows when softDelete is switched on, and rows survive', async () => {
      const { migrate, sql } = await start()
      await migrate('create', HardShelf)
      await sql("insert into shelf (label) values ('A'), ('B')")
      await migrate('soft', SoftShelf)
      expect(await sql(LABELS)).toMatchObject([{ label: 'A' }, { label: 'B' }])
      await sql("update shelf set deleted_at = '2026-01-01 00:00:00' where label = 'A'")
      await sql("insert into shelf (label) values ('A')")
      await expect(sql("insert into shelf (label) values ('A')")).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
    })

    it('and a plain one again when softDelete is switched off, and rows survive', async () => {
      const { migrate, sql } = await start()
      await migrate('create', SoftShelf)
      await sql("insert into shelf (label) values ('A'), ('B')")
      await migrate('hard', HardShelf)
      expect(await sql(LABELS)).toMatchObject([{ label: 'A' }, { label: 'B' }])
      await expect(sql("insert into shelf (label) values ('A')")).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
    })

    it('switching is taken back by rollback, in both directions', async () => {
      const { migrate, sql } = await start()
      await migrate('create', HardShelf)
      await sql("insert into shelf (label) values ('A')")
      const soft = await migrate('soft', SoftShelf)
      await succeed(soft, 'db', 'rollback')
      expect(await sql(LABELS)).toMatchObject([{ label: 'A' }])
      await expect(sql("insert into shelf (label) values ('A')")).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
      await succeed(soft, 'db', 'migrate')
      const hard = await migrate('hard', HardShelf)
      await succeed(hard, 'db', 'rollback')
      await sql("update shelf set deleted_at = '2026-01-01 00:00:00'")
      await sql("insert into shelf (label) values ('A')")
      expect(await sql(LABELS)).toHaveLength(2)
    })

    it('an index that covered the trash before gives way to one that does not, under the same name', async () => {
      const { migrate, sql, latest } = await start()
      await migrate('create', CoveringShelf)
      await sql("insert into shelf (label) values ('A')")
      await migrate('live', SoftShelf)
      expect(latest()).toMatch(/shelf_label_unique/)
      await sql("update shelf set deleted_at = '2026-01-01 00:00:00'")
      await sql("insert into shelf (label) values ('A')")
      expect(await sql(LABELS)).toHaveLength(2)
    })

    it('an index is renamed without a change of what it means', async () => {
      const { migrate, sql, latest } = await start()
      await migrate('create', SoftShelf)
      await sql("insert into shelf (label) values ('A')")
      await migrate('rename', RenamedShelf)
      expect(latest()).toMatch(/one_label/)
      await sql("update shelf set deleted_at = '2026-01-01 00:00:00'")
      await sql("insert into shelf (label) values ('A')")
      await expect(sql("insert into shelf (label) values ('A')")).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
    })

    it('the foreign key of an owning one-to-one keeps its index', async () => {
      const { migrate, sql } = await start()
      @Entity({ tableName: 'rack' })
      class Before extends Model {
        @OneToOne(() => Room, { ref: true, nullable: true })
        annex?: Ref<Room> | null
      }
      @Entity({ tableName: 'rack' })
      class After extends Model {
        static override softDelete = true

        @OneToOne(() => Room, { ref: true, nullable: true })
        annex?: Ref<Room> | null
      }
      await migrate('create', Room, Before)
      await sql("insert into room (name) values ('r')")
      await sql('insert into rack (annex_id) values (1)')
      await migrate('soft', Room, After)
      await sql("update rack set deleted_at = '2026-01-01 00:00:00'")
      await sql('insert into rack (annex_id) values (1)')
      await expect(sql('insert into rack (annex_id) values (2)')).rejects.toMatchObject({
        code: 'LIMBER_CONSTRAINT_VIOLATION',
      })
    })

    it('names stay within the length that the database allows', async () => {
      const { migrate, sql } = await start()
      const table = 'a_table_with_a_name_that_is_nearly_as_long_as_names_may_be'
      const values = "(a_property_with_along_name, another_property_with_along_name) values ('a', 'b')"
      await migrate('create', Long)
      await sql(`insert into ${table} ${values}`)
      await expect(sql(`insert into ${table} ${values}`)).rejects.toMatchObject({
        code: 'LIMBER_UNIQUE_VIOLATION',
      })
    })

    it('schema.update() makes the same of a table that is there, and then has nothing to do', async () => {
      const { open, sql, migrate } = await start()
      await migrate('create', HardShelf)
      await sql("insert into shelf (label) values ('A')")
      const test = await open([SoftShelf])
      await test.app.ready(['db'])
      const { schema } = test.make('db.connection')
      await schema.update()
      expect(await schema.getUpdateSchemaSQL({ wrap: false })).toBe('')
      await sql("update shelf set deleted_at = '2026-01-01 00:00:00'")
      await sql("insert into shelf (label) values ('A')")
      expect(await sql(LABELS)).toHaveLength(2)
    })
  })
}
