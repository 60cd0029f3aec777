import path from 'node:path'
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../support/library-application.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string

  @Property({ nullable: true })
  room?: string
}

@Entity({ tableName: 'folio' })
class Folio extends Model {
  @ManyToOne(() => Shelf, { ref: true, deleteRule: 'cascade' })
  shelf!: Ref<Shelf>
}

@Entity({ tableName: 'shelf' })
class ShelfThatMayHaveNoLabel extends Model {
  @Property({ nullable: true })
  label?: string

  @Property({ nullable: true })
  room?: string
}

@Entity({ tableName: 'shelf' })
class ShelfInRoom extends Model {
  @Property()
  label!: string

  @Property()
  room!: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithNumber extends Model {
  @Property({ type: 'integer' })
  label!: number

  @Property({ nullable: true })
  room?: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithoutRoom extends Model {
  @Property({ nullable: true })
  label?: string
}

const folioOf = (model: () => Lazy) => {
  @Entity({ tableName: 'folio' })
  class AnyFolio extends Model {
    @ManyToOne(model as () => typeof Shelf, { ref: true, deleteRule: 'cascade' })
    shelf!: Ref<Shelf>
  }
  return AnyFolio
}

interface Answer {
  readonly migrations: readonly {
    readonly hazards: readonly { kind: string; table: string; column: string }[]
  }[]
}

it.each<[string, () => Lazy, string[]]>([
  ['a column that may be null', () => ShelfThatMayHaveNoLabel, []],
  ['a column that may not be null any more', () => ShelfInRoom, ['destructive shelf.room']],
  ['a column of another type', () => ShelfWithNumber, ['destructive shelf.label']],
  ['a column that is gone', () => ShelfWithoutRoom, ['destructive shelf.room']],
])('a table that is made anew for %s', async (what, model, expected) => {
  const root = tempFolder()
  write(root, {})
  const before = await commandsIn({ root, models: [Shelf, Folio] })
  await succeed(before, 'db', 'makemigrations', '-m', 'create')
  await succeed(before, 'db', 'migrate')
  const raw = openRaw(path.join(root, 'library.sqlite'))
  raw.exec("insert into shelf (id, label) values (1, '007'); insert into folio (id, shelf_id) values (1, 1)")

  const after = await commandsIn({ root, models: [model(), folioOf(model)] })
  await succeed(after, 'db', 'makemigrations', '-m', what)
  // The command has just written it.
  const { migrations } = JSON.parse(await succeed(after, 'db', 'sql', '--json')) as Answer
  const hazards = migrations.flatMap((migration) => migration.hazards)
  expect(migrations).toHaveLength(1)
  expect(hazards.map(({ kind, table, column }) => `${kind} ${table}.${column}`)).toEqual(expected)
})

it('the script makes the schema that migrating makes, and keeps rows with children', async () => {
  const root = tempFolder()
  write(root, {})
  const models = [
    [Shelf, Folio],
    [ShelfThatMayHaveNoLabel, folioOf(() => ShelfThatMayHaveNoLabel)],
  ]
  for (const [at, version] of models.entries())
    await succeed(await commandsIn({ root, models: version }), 'db', 'makemigrations', '-m', `step ${at}`)
  const test = await commandsIn({ root, models: models[1] ?? [] })
  const [create = '', change = ''] = (await succeed(test, 'db', 'sql')).split(/(?=^-- \d{14}_step_1$)/m)
  const other = openRaw(path.join(root, 'scripted.sqlite'))
  other.exec('pragma foreign_keys = on')
  other.exec(create)
  other.exec("insert into shelf (id, label) values (1, 'A'); insert into folio (id, shelf_id) values (1, 1)")
  other.exec(change)
  expect(change).toContain('drop table')
  expect(other.prepare('select id, shelf_id from folio').all()).toEqual([{ id: 1, shelf_id: 1 }])

  await succeed(test, 'db', 'migrate')
  const schema =
    "select name, sql from sqlite_master where name not like 'limber%' and name not like 'sqlite%' order by name"
  const raw = openRaw(path.join(root, 'library.sqlite'))
  expect(other.prepare(schema).all()).toEqual(raw.prepare(schema).all())
})
