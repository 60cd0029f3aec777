import { expect, test } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { bootLibrary } from '../database/support/library-application.ts'
import { emptyDatabase, isThere, POSTGRES } from '../database/support/servers.ts'

test.skipIf(!(await isThere(POSTGRES)))(
  'a text that PostgreSQL refuses does not make it unavailable',
  async () => {
    const driver = POSTGRES.driver({ database: await emptyDatabase(POSTGRES) })
    const { app } = await bootLibrary({ driver, models: [Shelf] })
    await app.ready(['db'])
    await app.make('db.connection').schema.create()
    const failure = await app
      .scope(() => void app.make('db.session').create(Shelf, { name: 'a\u0000b' }))
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toMatchObject({ kind: 'unavailable' })
  },
)
