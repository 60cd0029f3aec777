import { expect, test } from 'vitest'
import { Book } from '../database/fixtures/library.ts'
import { bootLibrary } from '../database/support/library-application.ts'

test('a table that is missing says which command makes it', async () => {
  const { app } = await bootLibrary()
  await expect(app.scope(() => app.make('db.session').count(Book))).rejects.toMatchObject({
    code: 'LIMBER_TABLE_MISSING',
    message: expect.stringContaining('book'),
    hint: expect.stringContaining('limber db migrate'),
  })
})
