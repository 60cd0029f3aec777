import { fromUrl } from 'limber/database'
import { expect, test } from 'vitest'
import { Author } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

test('a read in a scope inside one that has written is told that it would wait for ever', async () => {
  const { app } = await openLibrary({ driver: fromUrl('sqlite::memory:') })
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    session.create(Author, { name: 'a' })
    await session.flush()
    await app.scope(() => app.make('db.session').count(Author))
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
})

test('and so is a query builder', async () => {
  const { app } = await openLibrary({ driver: fromUrl('sqlite::memory:') })
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    session.create(Author, { name: 'a' })
    await session.flush()
    await app.scope(() => app.make('db.session').createQueryBuilder(Author).select('*').getResultList())
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
})
