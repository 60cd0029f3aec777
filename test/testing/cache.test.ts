import type {} from 'limber/cache'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'

test('what one test keeps in the cache no other one finds', async () => {
  await using first = await createTestApplication({ migrate: false })
  await using second = await createTestApplication({ migrate: false })
  await first.app.scope(() => first.app.make('cache').set('test:greeting', 'hello'))
  expect(await first.app.make('cache').get('test:greeting')).toBe('hello')
  expect(await second.app.scope(() => second.app.make('cache').get('test:greeting'))).toBeUndefined()
})

test('the stores of the configuration are used where a test wants them', async () => {
  await using usual = await createTestApplication({ migrate: false })
  await using configured = await createTestApplication({ migrate: false, cache: 'configured' })
  const storesOf = ({ app }: typeof usual) =>
    Object.values(app.config.get('cache').stores).map(({ name }) => name)
  expect(storesOf(usual)).toEqual(['memory'])
  expect(storesOf(configured)).toEqual(['file'])
})
