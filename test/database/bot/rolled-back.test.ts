import { describe, expect, it } from 'vitest'
import { commandsIn, tempFolder } from '../support/library-application.ts'
import { botOf, databases } from './bot-databases.ts'

const KEY = { bot: 1, update: 10 }
const CALLS = [{ method: 'sendMessage', payload: {} }]

describe.each(databases)('a test that is rolled back on $title', ({ create }) => {
  it('records, makes tables and forgets all of it', async () => {
    const driver = await create()
    const test = await commandsIn({ root: tempFolder(), driver })
    {
      await using _ = await test.rollback()
      const { store, unit } = await botOf(test.app)
      await unit(() => store.record(KEY, CALLS, 1, 2))
      // What is noted while another unit of work fails is not undone with it.
      const noted = Promise.withResolvers<void>()
      const begun = Promise.withResolvers<void>()
      const failing = unit(async () => {
        await store.record({ bot: 1, update: 11 }, CALLS, 1, 2)
        begun.resolve()
        await noted.promise
        throw new Error('no')
      })
      await begun.promise
      const noting = store.noteMade(KEY, 1)
      noted.resolve()
      await expect(failing).rejects.toThrow('no')
      await noting
      await expect(unit(() => store.record(KEY, [], 1, 2))).rejects.toMatchObject({
        code: 'LIMBER_UPDATE_HANDLED',
      })
      expect(await store.isHandled(KEY)).toBe(true)
      expect(await store.isHandled({ bot: 1, update: 11 })).toBe(false)
      expect(await store.takeWaiting(1, 9, 10, 10)).toEqual([])
    }
    const { store, unit } = await botOf(test.app)
    expect(await store.isHandled(KEY)).toBe(false)
    await unit(() => store.record(KEY, CALLS, 1, 2))
  })
})
