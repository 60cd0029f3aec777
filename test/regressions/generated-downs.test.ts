/** Reported: the generated down() of some tables did not run, or made other tables than there were. */
import path from 'node:path'
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import {
  Collection,
  Entity,
  Index,
  ManyToMany,
  ManyToOne,
  PrimaryKey,
  Property,
} from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { modelHistory, NOTHING } from './support/model-history.ts'

@Entity({ tableName: 'tag' })
class Tag extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'tag' })
class RenamedTag extends Model {
  @Property()
  word!: string
}

@Entity({ tableName: 'note' })
class Note extends Model {
  @ManyToMany(() => Tag)
  tags = new Collection<Tag>(this)
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

@Entity({ tableName: 'tag' })
@Index({ name: 'tag_lower', expression: 'create index `tag_lower` on `tag` (lower(`label`))' })
class IndexedTag extends Model {
  @Property()
  label!: string
}

it.each<[string, readonly Lazy[], readonly Lazy[]]>([
  ['a table between many and many', [Tag, Note], [Tag]],
  ['a key of two columns and the foreign key to it', [Tag, Room, Desk], [Tag]],
  ['an index over an expression', [IndexedTag], [Tag]],
  ['a key of two columns while a column elsewhere is renamed', [Tag, Room, Desk], [RenamedTag]],
])('rolling back the removal of %s restores what was there', async (_what, first, second) => {
  const history = modelHistory()
  await history.become(first)
  history.raw.exec("insert into tag (id, label) values (1, 'poem')")
  const before = history.schema()
  await history.become(second)
  expect(history.schema()).not.toEqual(before)
  expect((await history.run(second, 'rollback')).stderr).toBe('')
  expect(history.schema()).toEqual(before)
  expect(history.rows('select id, label from tag')).toEqual([{ id: 1, label: 'poem' }])
  expect((await history.make(second)).stdout).toBe(NOTHING)
})

it('where no way back is found, the file says so', async () => {
  const history = modelHistory({ 'database/migrations/.gitkeep': '' })
  // No mapping is known that comes so far, so the writer is asked directly.
  const { writeMigration } = await import(path.resolve('src/database/migrations/files/migration-writer.ts'))
  const up = ['create table shelf (id integer)']
  const diff = { up, down: [], irreversible: 'it is "a" \'trial\'.', warnings: ['do not */ do this'] }
  writeMigration(path.join(history.root, 'database/migrations'), 'one way', diff)
  expect((await history.run([], 'migrate')).stderr).toBe('')
  const { exitCode, stderr } = await history.run([], 'rollback')
  expect(exitCode).toBe(4)
  expect(stderr).toContain('LIMBER_IRREVERSIBLE_MIGRATION')
  expect(stderr).toContain('OneWay cannot be taken back: it is "a" \'trial\'.')
  expect(history.rows("select name from sqlite_master where name = 'shelf'")).toHaveLength(1)
})
