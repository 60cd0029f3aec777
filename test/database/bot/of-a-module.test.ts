import { ModulePermissionError } from 'limber/modules'
import { expect, it } from 'vitest'
import { withModules } from '../../support/module-folder.ts'
import { botOf } from './bot-databases.ts'

it('is recorded in the scope of a module that may not use the database of the application', async () => {
  const { app } = await withModules({ shop: { manifest: 'permissions: []' } }, { grant: { shop: [] } })
  await app.boot()
  await app.scope(() => undefined)
  const { store, rows } = await botOf(app)
  const key = { bot: 1, module: 'shop', chat: 2, user: 3 }
  const work = async () => {
    expect(() => app.make('db.session')).toThrow(ModulePermissionError)
    expect(() => app.make('db.updates')).toThrow(ModulePermissionError)
    await store.writeState(key, { name: 'asked', data: {}, expiresAt: undefined })
    expect((await store.state(key, 0))?.name).toBe('asked')
    await store.record({ bot: 1, update: 10 }, [], 1, 1)
    expect(() => app.make('db.session')).toThrow(ModulePermissionError)
  }
  await app.scope(work, { module: 'shop' })
  expect(await rows('select update_id from limber_bot_updates')).toEqual([{ update_id: 10 }])
})
