/** Reported: for some mappings every makemigrations wrote another migration, or left a check for the next one. */

import { RawQueryFragment } from '@mikro-orm/core'
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import { Check, Entity, Enum, ManyToOne, PrimaryKey, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { modelHistory, NOTHING } from './support/model-history.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property({ nullable: true })
  label?: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithEnum extends Model {
  @Property({ nullable: true })
  label?: string

  @Enum({ items: ['wood', "smith's"], default: 'wood' })
  material!: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithCheck extends Model {
  @Property({ nullable: true })
  label?: string

  @Property({ default: 1, check: 'boards > 0' })
  boards!: number
}

@Entity({ tableName: 'word' })
class Word extends Model {
  @Property({ columnType: 'text collate nocase' })
  text!: string
}

@Entity({ tableName: 'publication', discriminatorColumn: 'type' })
class Publication extends Model {
  @Property()
  type!: string
}

@Entity()
class Magazine extends Publication {
  @Property({ nullable: true })
  issue?: number
}

@Entity({ tableName: 'room' })
class Room {
  @PrimaryKey({ type: 'number' })
  floor!: number

  @PrimaryKey({ type: 'string' })
  door!: string
}

@Entity({ tableName: 'desk' })
class Desk extends Model {
  @ManyToOne(() => Room)
  room!: Room
}

@Entity({ tableName: 'desk' })
class DeskWithLamp extends Model {
  @ManyToOne(() => Room)
  room!: Room

  @Property({ nullable: true })
  lamp?: string
}

it.each<[string, readonly Lazy[]]>([
  ['an enumeration added to a table', [ShelfWithEnum]],
  ['a check added to a table', [ShelfWithCheck]],
  ['a collation in the type of a column', [Shelf, Word]],
  ['a property for the discriminator', [Shelf, Publication, Magazine]],
  ['a foreign key of two columns', [Shelf, Room, Desk]],
])('one migration is enough for %s', async (_what, models) => {
  const history = modelHistory()
  await history.become([Shelf])
  history.raw.exec("insert into shelf (label) values ('A')")
  await history.become(models)
  expect((await history.make(models)).stdout).toBe(NOTHING)
  expect(history.rows('select label from shelf')).toEqual([{ label: 'A' }])
})

it('the check of a column that was added is there, and its default reaches the rows there were', async () => {
  const history = modelHistory()
  await history.become([Shelf])
  history.raw.exec("insert into shelf (label) values ('A')")
  await history.become([ShelfWithEnum])
  expect(history.rows('select material from shelf')).toEqual([{ material: 'wood' }])
  history.raw.exec("insert into shelf (material) values ('smith''s')")
  expect(() => history.raw.exec("insert into shelf (material) values ('stone')")).toThrow('CHECK')
})

it('tables that the ORM only spells differently are not rebuilt along with others', async () => {
  const history = modelHistory()
  await history.become([Room, Desk, Publication, Magazine])
  await history.become([Room, Desk, Publication, Magazine, Shelf])
  expect(history.last()).toContain('create table `shelf`')
  expect(history.last()).not.toMatch(/desk|publication/)
})

it('a foreign key of two columns survives a change of its table and the way back', async () => {
  const history = modelHistory()
  await history.become([Room, Desk])
  const before = history.schema()
  history.raw.exec("insert into room (floor, door) values (1, 'a')")
  history.raw.exec("insert into desk (room_floor, room_door) values (1, 'a')")
  await history.become([Room, DeskWithLamp])
  expect((await history.run([Room, Desk], 'rollback')).stderr).toBe('')
  expect(history.schema()).toEqual(before)
  expect(history.rows('select room_floor, room_door from desk')).toEqual([{ room_floor: 1, room_door: 'a' }])
  expect(
    history.rows("select id, count(*) as columns from pragma_foreign_key_list('desk') group by id"),
  ).toEqual([{ id: 0, columns: 2 }])
})

it('a mapping that is another each time it is read is refused, and nothing is written', async () => {
  let reads = 0
  // In the prototype, which the ORM keeps when it copies the mapping.
  const changing = Object.create(RawQueryFragment.prototype, { sql: { get: () => `boards <> ${++reads}` } })
  const expression: RawQueryFragment = Object.create(changing, { params: { value: [], enumerable: true } })
  @Entity({ tableName: 'shelf' })
  @Check({ name: 'restless', expression })
  class Restless extends Model {
    @Property()
    boards!: number
  }
  const history = modelHistory({ 'database/migrations/.gitkeep': '' })
  const { exitCode, stderr } = await history.make([Restless])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining('The models and the migrations never agree about "shelf"'),
  })
  expect(stderr).toContain('LIMBER_SCHEMA_NOT_REPRESENTABLE')
  expect(history.files()).toEqual(['migrations', 'migrations/.gitkeep'])
})
