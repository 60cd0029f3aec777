/** @module The database page of Limber for Python: the services `db.connection` and `db.session`, a model, and its soft delete. */
import { isTrashed, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Book extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @Property({ nullable: true })
  deletedAt?: Date
}

/** As in config/app.ts: a model is registered by the file that exports it. */
const models = [async () => ({ Book })]

it('the connection service interacts with the database', async () => {
  const { app } = await openLibrary({ models })
  const connection = app.make('db.connection')
  await connection.execute("insert into book (name) values ('Emma')")
  expect(await connection.execute('select id, name from book')).toEqual([{ id: 1, name: 'Emma' }])
  expect(await app.make('db.connection')).toBe(connection)
})

it('the session service is one unit of work', async () => {
  const { app, rows } = await openLibrary({ models })
  await app.scope(async () => {
    const session = await app.make('db.session')
    session.create(Book, { name: 'Emma' })
  })
  expect(rows('select name from book')).toEqual([{ name: 'Emma' }])
})

it('a deleted book keeps its row, with the time, and queries filter it out', async () => {
  const { app, rows } = await openLibrary({ models })
  const before = Date.now()
  await app.scope(async () => {
    const book = await Book.create({ name: 'Emma' })
    await book.destroy()
    expect(isTrashed(book)).toBe(true)
    expect(book.deletedAt?.getTime()).toBeGreaterThanOrEqual(before)
    expect(await Book.all()).toEqual([])
    expect(await Book.get(book.id)).toBeNull()
  })
  expect(rows('select name, deleted_at is not null as deleted from book')).toEqual([
    { name: 'Emma', deleted: 1 },
  ])
})
