import { Model } from 'limber/database'
import { Entity, Property, types } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Scroll extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @Property({ type: types.integer, version: true })
  version!: number & { __optional?: true }
}

test('a row that is trashed without having been read is written once, and is read afterwards', async () => {
  const { app, connection, rows } = await openLibrary({ models: [Scroll] })
  await connection.execute("insert into scroll (id, title, version) values (1, 'first', 1)")
  await app.scope(async () => {
    const session = app.make('db.session')
    session.remove(session.getReference(Scroll, 1))
    await session.flush()
    await session.flush()
    expect(rows('select version from scroll')).toEqual([{ version: 1 }])
    expect(await session.execute('select version from scroll')).toEqual([{ version: 2 }])
    expect(await session.findOne(Scroll, 1, { withTrashed: true })).toMatchObject({
      title: 'first',
      version: 2,
    })
  })
})
