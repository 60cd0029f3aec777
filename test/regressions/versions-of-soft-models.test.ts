import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, test } from 'vitest'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Scroll extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @Property({ version: true })
  version!: number & { __optional?: true }
}

test.each([
  ['trashed', false],
  ['trashed and restored', true],
])('a versioned entity that was %s can be changed in the same session', async (_, restored) => {
  const { app, rows } = await openLibrary({ models: [Scroll] })
  await app.scope(() => void app.make('db.session').create(Scroll, { title: 'first', version: 1 }))
  await app.scope(async () => {
    const session = app.make('db.session')
    const scroll = await session.findOneOrFail(Scroll, 1)
    session.remove(scroll)
    await session.flush()
    if (restored) await session.restore(scroll)
    scroll.title = 'second'
    await session.flush()
    expect(rows('select version from scroll')).not.toEqual([{ version: scroll.version }])
  })
  const [row] = rows('select title, deleted_at is not null as trashed from scroll')
  expect(row).toEqual({ title: 'second', trashed: restored ? 0 : 1 })
})

test('the version of an entity goes back with the scope that has written it', async () => {
  const { app, rows } = await openLibrary({ models: [Scroll] })
  await app.scope(() => void app.make('db.session').create(Scroll, { title: 'first', version: 1 }))
  let scroll: Scroll | undefined
  const failing = app.scope(async () => {
    const session = app.make('db.session')
    scroll = await session.findOneOrFail(Scroll, 1)
    scroll.title = 'second'
    await session.flush()
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(rows('select version from scroll')).toEqual([{ version: scroll?.version }])
})
