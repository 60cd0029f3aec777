/** @module The database page of Reflex: a URL, a table from a class, and a row through a session. */
import { fromUrl, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { openLibrary, openRaw } from '../database/support/library-application.ts'

@Entity()
class User extends Model {
  @Property()
  username!: string

  @Property()
  email!: string

  @Property()
  password!: string
}

const admin = { username: 'test', email: 'admin@pynecone.io', password: 'admin' }

it('a session adds a user and commits it', async () => {
  const { app, file } = await openLibrary({ models: [User], driver: fromUrl('sqlite:reflex.db') })

  await app.scope(async () => {
    const session = app.make('db.session')
    session.create(User, admin)
  })

  const raw = openRaw(file.replace('library.sqlite', 'reflex.db'))
  expect(raw.prepare('select * from user').all()).toEqual([{ id: 1, ...admin }])
})

it('a session of its own commits when it is told to', async () => {
  const { app, connection } = await openLibrary({ models: [User] })

  const session = app.make('db').openSession()
  session.create(User, admin)
  expect(await connection.execute('select username from user')).toEqual([])
  await session.flush()

  expect(await connection.execute('select username from user')).toEqual([{ username: 'test' }])
})
