/** Reported: a new column that is not null and has no default was written without a word, and migrate failed. */
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { modelHistory } from './support/model-history.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithRoom extends Model {
  @Property()
  label!: string

  @Property()
  room!: string

  @Property({ default: 0 })
  boards!: number

  @Property({ nullable: true })
  colour?: string
}

@Entity({ tableName: 'shelf' })
class RenamedShelf extends Model {
  @Property()
  title!: string
}

@Entity({ tableName: 'shelf' })
class RoomyShelf extends Model {
  @Property({ nullable: true })
  room?: string

  @Property({ nullable: true })
  boards?: number
}

@Entity({ tableName: 'shelf' })
class OtherRoomyShelf extends Model {
  @Property({ nullable: true })
  place?: string

  @Property({ default: 1 })
  boards!: number
}

it('a new column that rows cannot have is written with a warning and the ways out', async () => {
  const history = modelHistory()
  const created = await history.make([Shelf])
  expect([created.exitCode, created.stderr]).toEqual([0, ''])
  const { exitCode, stdout, stderr } = await history.make([ShelfWithRoom])
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Wrote ')])
  expect(stderr).toMatch(/^Warning: "room" of "shelf" is not null and has no default: .*nullable.*\n$/)
  expect(history.last()).toMatch(/^\/\/ "room" of "shelf" is not null and has no default/m)
  const dry = await history.run([Shelf], 'makemigrations', '-m', 'dry', '--json', '--dry-run')
  expect(JSON.parse(dry.stdout)).toHaveProperty('warnings')
})

it('a column that is dropped where others are new is named, and what is in it', async () => {
  const history = modelHistory()
  await history.become([RoomyShelf])
  const argv = ['makemigrations', '-m', 'change', '--drop', 'shelf.room']
  const { stderr } = await history.run([OtherRoomyShelf], ...argv)
  expect(stderr).toMatch(/^Warning: "room" of "shelf" is dropped with all that is in it\.\n$/)
  expect(history.last()).toMatch(/^\/\/ "room" of "shelf" is dropped/m)
})

it('a renamed column is not new', async () => {
  const history = modelHistory()
  await history.become([Shelf])
  history.raw.exec("insert into shelf (label) values ('A')")
  const argv = ['makemigrations', '-m', 'change', '--rename', 'shelf.label=title']
  const { stderr } = await history.run([RenamedShelf], ...argv)
  expect(stderr).toBe('')
  expect((await history.run([RenamedShelf], 'migrate')).stderr).toBe('')
  expect(history.rows('select title from shelf')).toEqual([{ title: 'A' }])
})
