import { LockMode } from '@mikro-orm/core'
import type { Session } from 'limber/database'
import { expect, test } from 'vitest'
import { Author } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

const add = async (session: Session, name: string) => {
  session.create(Author, { name })
  await session.flush()
}

test.each<[string, (session: Session) => Promise<unknown>, string[]]>([
  [
    'begin() is the beginning of that of the scope',
    (session) => session.begin().then(() => add(session, 'a')),
    ['a'],
  ],
  [
    'commit() keeps what was written, and what follows ends with the scope',
    async (session) => {
      await add(session, 'a')
      await session.commit()
      await add(session, 'b')
    },
    ['a', 'b'],
  ],
  [
    'rollback() undoes what was written, and what follows ends with the scope',
    async (session) => {
      await add(session, 'a')
      await session.rollback()
      await add(session, 'b')
    },
    ['b'],
  ],
  [
    'a row can be read for a change',
    async (session) => {
      const author = await session.findOneOrFail(Author, 1, { lockMode: LockMode.PESSIMISTIC_WRITE })
      await add(session, `after ${author.name}`)
    },
    ['after Mary Shelley'],
  ],
  [
    'a statement of Kysely is part of the unit of work',
    async (session) => {
      await add(session, 'a')
      await session
        .getKysely<{ author: { name: string } }>()
        .insertInto('author')
        .values({ name: 'b' })
        .execute()
    },
    ['a', 'b'],
  ],
])('in a scope, %s', async (_, work, expected) => {
  const { app, rows } = await openLibrary()
  await app.scope(() => work(app.make('db.session')).then(() => undefined))
  expect(rows('select name from author where id > 1 order by id').map((row) => row.name)).toEqual(expected)
  await app.scope(() => add(app.make('db.session'), 'next'))
  expect(rows('select name from author order by id desc limit 1')).toEqual([{ name: 'next' }])
})
