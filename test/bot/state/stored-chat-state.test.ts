import { NoStateHereError, StateDataError, StateExpiryError, StateNameError } from 'limber/bot'
import type { Driver } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from '../access/databases.ts'
import { StoredChatState } from '../access/internals.ts'
import { openWorld } from '../access/world.ts'

const inMemory = { title: 'the memory of the process', open: async () => undefined }

describe.each([inMemory, ...(await everyDatabase())])('in $title', ({ open }) => {
  const chat = async (module = '') => {
    const driver: Driver | undefined = await open()
    const world = await openWorld(driver ? { driver } : {})
    let reads = 0
    const read = world.store.state.bind(world.store)
    world.store.state = (...args) => {
      reads += 1
      return read(...args)
    }
    const key = { bot: 1, module, chat: -1_000_000_000_001, user: 9_007_199_254_740_000 }
    const state = () => new StoredChatState(world.store, key, world.clock)
    return { ...world, key, state, reads: () => reads }
  }

  test('a state comes back in the next update as it was set', async () => {
    const { app, state } = await chat()
    const data = { title: 'Ćuk\u0000 \ud800 "\'\\', list: [1, -0.5, null, { deep: [true] }], __proto: 1 }
    await app.scope(() => state().set('ask.title', data))
    expect([await state().name(), await state().data()]).toEqual(['ask.title', data])
    await app.scope(() => state().clear())
    expect([await state().name(), await state().data()]).toEqual([undefined, {}])
  })

  test('it is read once in an update, which sees what it has written itself', async () => {
    const { app, state, reads } = await chat()
    await app.scope(async () => {
      const now = state()
      await Promise.all([now.name(), now.data(), now.name()])
      expect(reads()).toBe(1)
      await now.set('one', { n: 1 })
      await now.set('two', { n: 2 })
      expect([await now.name(), await now.data(), reads()]).toEqual(['two', { n: 2 }, 1])
      await now.clear()
      expect(await now.name()).toBeUndefined()
      await now.set('three')
    })
    expect(await state().name()).toBe('three')
  })

  test('what a failed unit of work has set is not there', async () => {
    const { app, state } = await chat()
    await app.scope(() => state().set('before', { n: 1 }))
    const failing = app.scope(async () => {
      await state().set('after')
      throw new Error('the handler fails')
    })
    await expect(failing).rejects.toThrow('the handler fails')
    expect([await state().name(), await state().data()]).toEqual(['before', { n: 1 }])
  })

  test('it is forgotten when its time is over, and not before', async () => {
    const { app, state, clock } = await chat()
    await app.scope(() => state().set('soon', {}, { expiresIn: 1_000 }))
    const early = state()
    clock.time += 999
    expect([await early.name(), await state().name()]).toEqual(['soon', 'soon'])
    clock.time += 1
    // Also by one who has read it in time.
    expect([await early.name(), await early.data(), await state().name()]).toEqual([undefined, {}, undefined])
  })

  test('each module, chat and user has its own', async () => {
    const { app, key, store, clock } = await chat()
    const keys = [
      key,
      { ...key, module: 'shop' },
      { ...key, chat: 5 },
      { ...key, user: 5 },
      { ...key, bot: 2 },
    ]
    const states = keys.map((each) => () => new StoredChatState(store, each, clock))
    await app.scope(async () => {
      for (const [at, state] of states.entries()) await state().set(`state-${at}`)
    })
    const names = await Promise.all(states.map((state) => state().name()))
    expect(names).toEqual(keys.map((_, at) => `state-${at}`))
  })

  test('as much as is allowed is kept whole', async () => {
    const { app, state } = await chat()
    const data = { text: 'ж'.repeat(32 * 1024 - 6) }
    await app.scope(() => state().set('a'.repeat(64), data))
    expect(await state().data()).toEqual(data)
  })
})

const bare = async () => {
  const { store, clock } = await openWorld()
  return new StoredChatState(store, { bot: 1, module: '', chat: 1, user: 1 }, clock)
}

const circle: Record<string, unknown> = {}
circle.again = circle
const nested = (depth: number): Record<string, unknown> => (depth === 0 ? {} : { in: nested(depth - 1) })
const shared = Array.from({ length: 40 }).reduce<object>((inner) => ({ a: inner, b: inner }), {})

test.each<[string, unknown, string]>([
  ['a date', { when: new Date(0) }, 'data.when is a Date'],
  ['a bigint', { list: [1, 2n] }, 'data.list[1] is 2'],
  ['what is no number', { 'a b': Number.NaN }, 'data["a b"] is NaN'],
  ['what is endless', { n: Number.POSITIVE_INFINITY }, 'data.n is Infinity'],
  ['a function', { f: () => 1 }, 'data.f is a function'],
  ['a map', { map: new Map() }, 'data.map is a Map'],
  ['a hole', { list: [1, undefined] }, 'data.list[1] is undefined'],
  ['a circle', circle, 'data.again is a circle'],
  ['what is too deep', nested(70), 'is more than 64 levels deep'],
  ['one object in a million places', shared, 'data is larger than 65536 bytes'],
  ['too much', { text: 'x'.repeat(65_537) }, 'data is larger than 65536 bytes: 65548 bytes'],
  ['a list', [], 'data is an array'],
  ['nothing', null, 'data is null'],
])('%s is no data for a state', async (_, data, message) => {
  const state = await bare()
  const refused = state.set('here', data as never)
  await expect(refused).rejects.toBeInstanceOf(StateDataError)
  await expect(refused).rejects.toThrow(message)
})

test('what is undefined is left out', async () => {
  const { app, store, clock } = await openWorld()
  const state = new StoredChatState(store, { bot: 1, module: '', chat: 1, user: 1 }, clock)
  await app.scope(async () => {
    await state.set('here', { there: 1, gone: undefined })
    expect(Object.keys(await state.data())).toEqual(['there'])
  })
})

test('what is changed in data that was read stays there', async () => {
  const { app, store, clock } = await openWorld()
  const state = new StoredChatState(store, { bot: 1, module: '', chat: 1, user: 1 }, clock)
  await app.scope(async () => {
    const data = { list: [1] }
    await state.set('here', data)
    data.list.push(2)
    const read = await state.data()
    Object.assign(read, { list: 'other' })
    expect(await state.data()).toEqual({ list: [1] })
  })
})

test.each(['', 'a b', 'a\n', 'x'.repeat(65), 'a/b', '😀'])('%j is no name of a state', async (name) => {
  await expect((await bare()).set(name)).rejects.toBeInstanceOf(StateNameError)
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'a state is not forgotten after %s',
  async (expiresIn) => {
    await expect((await bare()).set('here', {}, { expiresIn })).rejects.toBeInstanceOf(StateExpiryError)
  },
)

test('without a user or a chat there is no state, and setting one says so', async () => {
  const { store, clock } = await openWorld()
  const state = new StoredChatState(store, undefined, clock)
  expect([await state.name(), await state.data()]).toEqual([undefined, {}])
  await expect(state.set('here')).rejects.toBeInstanceOf(NoStateHereError)
  await expect(state.clear()).rejects.toBeInstanceOf(NoStateHereError)
})

test('a read that failed is tried again by the next one', async () => {
  const { store, clock } = await openWorld()
  let isAway = true
  store.state = async () => (isAway ? Promise.reject(new Error('away')) : undefined)
  const state = new StoredChatState(store, { bot: 1, module: '', chat: 1, user: 1 }, clock)
  await expect(state.name()).rejects.toThrow('away')
  isAway = false
  expect(await state.name()).toBeUndefined()
})
