/** @module What every store of updates does, wherever it keeps them. */
import type { UpdateStore } from 'limber'
import { UpdateHandledError } from 'limber/bot'
import { describe, expect, it } from 'vitest'

/** A place that is empty when the test begins, and that nobody else uses. */
export interface UpdatePlace {
  readonly store: UpdateStore
  /** Runs a unit of work: committed when it succeeds, rolled back when it throws. */
  unit<T>(work: () => Promise<T>): Promise<T>
}

const BOT = 7_000_000_001
const LARGEST = Number.MAX_SAFE_INTEGER
const LETTERS = "é🦩日本 ' \" \\ \\' ? $1 %s \u0000 \ud800 \n -- ;"
const hello = { method: 'sendMessage', payload: { chat_id: -1_002_000_000_000, text: LETTERS } }
const bye = { method: 'deleteMessage', payload: {} }
const key = (update: number, bot = BOT) => ({ bot, update })
const user = { bot: BOT, module: 'game', chat: -1_002_000_000_000, user: 5_000_000_000 }
const state = (name: string, expiresAt?: number) => ({ name, data: { step: 1 }, expiresAt })

/** @param open gives a store that is prepared */
export function describeUpdateStore(title: string, open: () => Promise<UpdatePlace>): void {
  describe(title, () => {
    /** With an update for each of these, handled at 1,000 and held until 2,000. */
    const opened = async (updates: Readonly<Record<number, readonly (typeof hello | typeof bye)[]>> = {}) => {
      const place = await open()
      const record = (update: number, calls: readonly (typeof hello | typeof bye)[] = [], bot = BOT) =>
        place.unit(() => place.store.record(key(update, bot), calls, 1_000, 2_000))
      for (const [update, calls] of Object.entries(updates)) await record(Number(update), calls)
      const waiting = async (now = 2_000, heldUntil = now + 1, limit = 100) =>
        (await place.store.takeWaiting(BOT, now, heldUntil, limit)).map(({ update }) => update)
      return { ...place, record, waiting }
    }

    it('can be prepared again', async () => {
      const { store } = await opened({ 1: [hello] })
      await store.prepare()
      expect(await store.isHandled(key(1))).toBe(true)
    })

    it('knows the updates of each bot that are handled', async () => {
      const { store, record } = await opened({ 1: [], [LARGEST]: [hello] })
      await record(3, [], BOT + 1)
      const ids = [key(1), key(LARGEST), key(3), key(LARGEST - 1), key(1, BOT + 1), key(3, BOT + 1)]
      expect(await Promise.all(ids.map((id) => store.isHandled(id)))).toEqual([
        true,
        true,
        false,
        false,
        false,
        true,
      ])
    })

    it('refuses an update that is handled, and keeps what the first one has recorded', async () => {
      const { store, unit, record } = await opened({ 5: [hello] })
      const failure = record(5, [bye])
      await expect(failure).rejects.toThrow(UpdateHandledError)
      await expect(failure).rejects.toMatchObject({ code: 'LIMBER_UPDATE_HANDLED', kind: 'conflict' })
      const twice = unit(async () => {
        await store.record(key(6), [], 1, 1)
        await store.record(key(6), [], 1, 1)
      })
      await expect(twice).rejects.toThrow(UpdateHandledError)
      expect(await store.isHandled(key(6))).toBe(false)
      expect(await store.takeWaiting(BOT, 2_000, 3_000, 10)).toEqual([
        { ...key(5), calls: [hello], made: 0, handledAt: 1_000 },
      ])
    })

    it('forgets what a unit of work has recorded that fails', async () => {
      const { store, unit } = await opened()
      await unit(() => store.writeState(user, state('asked')))
      const failing = unit(async () => {
        await store.record(key(1), [hello], 1, 1)
        await store.writeState(user, state('answered'))
        await store.writeState({ ...user, user: 1 }, state('new'))
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await store.isHandled(key(1))).toBe(false)
      expect(await store.takeWaiting(BOT, 5, 6, 10)).toEqual([])
      expect(await store.state(user, 0)).toEqual(state('asked'))
      expect(await store.state({ ...user, user: 1 }, 0)).toBeUndefined()
    })

    it('gives the calls whose time is over to one taker only, the oldest update first', async () => {
      const { waiting } = await opened({ 12: [hello], 3: [hello], 7: [], 25: [bye] })
      expect(await waiting(1_999)).toEqual([])
      expect(await waiting(2_000, 3_000, 2)).toEqual([3, 12])
      expect(await waiting(2_000, 4_000, 2)).toEqual([25])
      expect(await waiting(2_999)).toEqual([])
      expect(await waiting(3_000, 9_000)).toEqual([3, 12])
      expect(await waiting(4_000, 9_000, 0)).toEqual([])
      expect(await waiting(4_000, 9_000)).toEqual([25])
    })

    it('keeps the calls of another bot for that one', async () => {
      const { store, record } = await opened({ 1: [hello] })
      await record(2, [bye], BOT + 1)
      const taken = await store.takeWaiting(BOT + 1, 2_000, 3_000, 10)
      expect(taken).toEqual([{ ...key(2, BOT + 1), calls: [bye], made: 0, handledAt: 1_000 }])
    })

    it('notes how many calls have been made, until there are no more', async () => {
      const { store } = await opened({ 1: [hello, bye, hello] })
      await store.noteMade(key(1), 2)
      await store.noteMade(key(1), 1)
      expect(await store.takeWaiting(BOT, 2_000, 2_001, 10)).toEqual([
        { ...key(1), calls: [hello, bye, hello], made: 2, handledAt: 1_000 },
      ])
      await store.noteMade(key(1), 3)
      expect(await store.takeWaiting(BOT, 9_000, 9_001, 10)).toEqual([])
      expect(await store.isHandled(key(1))).toBe(true)
      await store.noteMade(key(2), 1)
      expect(await store.isHandled(key(2))).toBe(false)
    })

    it('holds calls longer for whoever has them still, and for nobody else', async () => {
      const { store, waiting } = await opened({ 1: [hello], 2: [] })
      expect(await store.hold(key(1), 2_000, 3_000)).toBe(true)
      expect(await waiting(2_999)).toEqual([])
      expect(await waiting(3_000, 4_000)).toEqual([1])
      expect(await store.hold(key(1), 3_000, 9_000)).toBe(false)
      expect(await waiting(4_000, 5_000)).toEqual([1])
      for (const update of [2, 3]) expect(await store.hold(key(update), 2_000, 9_000)).toBe(false)
      await store.noteMade(key(1), 1)
      expect(await store.hold(key(1), 5_000, 9_000)).toBe(false)
      expect(await waiting(9_000)).toEqual([])
    })

    it('forgets calls that are dropped, but not their update', async () => {
      const { store, waiting } = await opened({ 1: [hello], 2: [hello] })
      await store.dropCalls(key(1))
      await store.dropCalls(key(3))
      expect(await waiting()).toEqual([2])
      expect(await store.isHandled(key(1))).toBe(true)
    })

    it('keeps calls of any letters and of half a million bytes', async () => {
      const { store, unit } = await opened()
      const large = { method: 'sendDocument', payload: { text: 'é🦩x'.repeat(75_000), deep: [{ a: null }] } }
      await unit(() => store.record(key(1), [hello, large], 1, 2))
      const [taken] = await store.takeWaiting(BOT, 2, 3, 10)
      expect(taken?.calls).toEqual([hello, large])
    })

    it('forgets what was handled before a time and waits for nothing, and states that are over', async () => {
      const { store, unit, record } = await opened({ 1: [], 2: [hello], 3: [hello] })
      await unit(() => store.record(key(4), [], 1_001, 1_001))
      await record(1, [], BOT + 1)
      await store.noteMade(key(3), 1)
      const states = { over: 1_500, later: 1_501, never: undefined }
      for (const [module, end] of Object.entries(states))
        await unit(() => store.writeState({ ...user, module }, state('s', end)))
      await store.prune(BOT, 1_000, 1_000)
      expect(await store.isHandled(key(1))).toBe(true)
      await store.prune(BOT, 1_001, 1_500)
      const ids = [key(1), key(2), key(3), key(4), key(1, BOT + 1)]
      expect(await Promise.all(ids.map((id) => store.isHandled(id)))).toEqual([
        false,
        true,
        false,
        true,
        true,
      ])
      // Asked as of a time when none of them was over, each is there that has not been forgotten.
      const left = await Promise.all(Object.keys(states).map((module) => store.state({ ...user, module }, 0)))
      expect(left.map((found) => found?.name)).toEqual([undefined, 's', 's'])
    })

    it('forgets hundreds at once', async () => {
      const { store, unit } = await opened()
      await unit(async () => {
        for (let update = 1; update <= 450; update++) await store.record(key(update), [], update, 0)
      })
      await unit(async () => {
        for (let chat = 1; chat <= 250; chat++) await store.writeState({ ...user, chat }, state('s', chat))
      })
      await store.prune(BOT, 450, 240)
      expect(await Promise.all([1, 150, 449, 450].map((id) => store.isHandled(key(id))))).toEqual([
        false,
        false,
        false,
        true,
      ])
      expect(await store.state({ ...user, chat: 240 }, 0)).toBeUndefined()
      expect(await store.state({ ...user, chat: 241 }, 0)).toEqual(state('s', 241))
    })

    it('keeps a state for each user, chat, module and bot', async () => {
      const { store, unit } = await opened()
      const keys = [
        user,
        { ...user, user: LARGEST },
        { ...user, chat: -LARGEST },
        { ...user, chat: user.user },
        { ...user, module: '' },
        { ...user, module: 'Game' },
        { ...user, module: 'game ' },
        { ...user, module: 'gamé' },
        { ...user, bot: 1 },
      ]
      for (const [index, each] of keys.entries())
        await unit(() => store.writeState(each, { name: `s${index}`, data: { index }, expiresAt: undefined }))
      const found = await Promise.all(keys.map((each) => store.state(each, 1)))
      expect(found.map((each) => each?.data)).toEqual(keys.map((_, index) => ({ index })))
      expect(await store.state({ ...user, module: 'gam' }, 1)).toBeUndefined()
    })

    it('writes a state over another, removes it, and forgets it at its time', async () => {
      const { store, unit } = await opened()
      await unit(() => store.writeState(user, state('first', 100)))
      expect(await store.state(user, 99)).toEqual(state('first', 100))
      expect(await store.state(user, 100)).toBeUndefined()
      await unit(() => store.writeState(user, state('second')))
      expect(await store.state(user, LARGEST)).toEqual(state('second'))
      await unit(() => store.writeState(user, undefined))
      await unit(() => store.writeState(user, undefined))
      expect(await store.state(user, 0)).toBeUndefined()
    })

    it('reads back in a unit of work what it has written there', async () => {
      const { store, unit } = await opened()
      const seen = await unit(async () => {
        await store.writeState(user, state('one'))
        const one = await store.state(user, 0)
        await store.writeState(user, undefined)
        return [one, await store.state(user, 0)]
      })
      expect(seen).toEqual([state('one'), undefined])
    })

    it('keeps a state of any letters and of 64 KiB', async () => {
      const { store, unit } = await opened()
      const written = {
        name: LETTERS.replace('\u0000', '').replace('\ud800', ''),
        data: { text: LETTERS, long: 'é🦩x'.repeat(10_000) },
        expiresAt: LARGEST,
      }
      await unit(() => store.writeState(user, written))
      expect(await store.state(user, LARGEST - 1)).toEqual(written)
    })

    it('lets one of many record an update', async () => {
      const { store, record } = await opened()
      const results = await Promise.allSettled(Array.from({ length: 32 }, () => record(1, [hello])))
      const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(failed.map((error: unknown) => error instanceof UpdateHandledError)).toEqual(
        Array.from({ length: 31 }, () => true),
      )
      expect(await store.takeWaiting(BOT, 2_000, 3_000, 10)).toHaveLength(1)
    })

    it('gives each of many takers updates of its own', async () => {
      const { unit, store, waiting } = await opened()
      await unit(async () => {
        for (let update = 1; update <= 64; update++) await store.record(key(update), [hello], 1, 1)
      })
      const taken = await Promise.all(Array.from({ length: 32 }, () => waiting(1, 9, 4)))
      const all = taken.flat()
      expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
      expect(taken.every((ids) => ids.length <= 4)).toBe(true)
    })
  })
}
