import { UpdateHandledError } from 'limber/bot'
import { ReadOnlyScopeError, TransactionFailedError } from 'limber/database'
import { describe, expect, it, vi } from 'vitest'
import { type BotPlace, databases, openBot, shared } from './bot-databases.ts'

const KEY = { bot: 1, update: 10 }
const STATE = { bot: 1, module: '', chat: 2, user: 3 }
const CALLS = [{ method: 'sendMessage', payload: { text: 'hi' } }]
const asked = { name: 'asked', data: {}, expiresAt: undefined }

const UPDATES = 'select bot, update_id, handled_at, calls, held_until, made from limber_bot_updates'

/** The transactions of this database that wait for another one. */
const WAITING = {
  sqlite: '',
  postgres: "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  mysql: `select 1 from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
    where p.db = schema() and t.trx_state = 'LOCK WAIT'`,
}

const session = ({ app }: BotPlace) => app.make('db.session')
const effect = (place: BotPlace) => session(place).execute('insert into effects (id) values (1)')
const effects = async ({ rows }: BotPlace) => (await rows('select id from effects')).length

const openWithEffects = async (...args: Parameters<typeof openBot>) => {
  const place = await openBot(...args)
  await place.rows('create table effects (id integer not null)')
  return place
}

describe.each(databases)('in a unit of work on $title', ({ create }) => {
  it('an update is recorded with its effects', async () => {
    const place = await openWithEffects(await create())
    await place.unit(async () => {
      await effect(place)
      await place.store.record(KEY, CALLS, 1_000, 2_000)
    })
    const [row] = await place.rows(UPDATES)
    expect(Object.values(row ?? {}).map(String)).toEqual([
      '1',
      '10',
      '1000',
      JSON.stringify(CALLS),
      '2000',
      '0',
    ])
    expect(await effects(place)).toBe(1)
  })

  it('the effects of an update that was handled are undone, whoever catches the error', async () => {
    const place = await openWithEffects(await create())
    await place.unit(() => place.store.record(KEY, CALLS, 1, 2))
    const second = place.unit(async () => {
      await effect(place)
      await place.store.record(KEY, [], 1, 2)
    })
    await expect(second).rejects.toThrow(UpdateHandledError)
    const third = place.unit(async () => {
      await effect(place)
      await place.store.record(KEY, [], 1, 2).catch(() => undefined)
    })
    await expect(third).rejects.toThrow(TransactionFailedError)
    expect(await effects(place)).toBe(0)
  })

  it('a read-only one leaves nothing', async () => {
    const { app, store, rows } = await openBot(await create())
    const readOnly = (work: () => Promise<void>) => app.scope(work, { readOnly: true })
    await expect(readOnly(() => store.record(KEY, CALLS, 1, 2))).rejects.toThrow(ReadOnlyScopeError)
    await expect(readOnly(() => store.writeState(STATE, asked))).rejects.toThrow(ReadOnlyScopeError)
    expect([
      await rows('select 1 from limber_bot_updates'),
      await rows('select 1 from limber_bot_states'),
    ]).toEqual([[], []])
  })

  it('without one, nothing is recorded', async () => {
    const { store } = await openBot(await create())
    await expect(store.record(KEY, CALLS, 1, 2)).rejects.toMatchObject({ code: 'LIMBER_OUTSIDE_SCOPE' })
    expect(await store.isHandled(KEY)).toBe(false)
  })

  it('a pool of one connection is enough', async () => {
    const place = await openWithEffects(await create({ pool: { max: 1, acquireTimeout: 2_000 } }))
    const { store, unit } = place
    const handle = async (update: number) => {
      if (await store.isHandled({ bot: 1, update })) return
      await unit(async () => {
        const found = await store.state(STATE, 0)
        await effect(place)
        await store.writeState(STATE, { ...asked, name: `${Number(found?.name ?? 0) + 1}` })
        expect(await store.state(STATE, 0)).toBeDefined()
        await store.record({ bot: 1, update }, CALLS, 1, 2)
      })
      await store.noteMade({ bot: 1, update }, 1)
    }
    await Promise.all(Array.from({ length: 16 }, (_, update) => handle(update)))
    expect(await effects(place)).toBe(16)
    expect(await store.takeWaiting(1, 9, 10, 100)).toEqual([])
  })
})

describe.each(shared)('with another process on $title', ({ title, create }) => {
  /** Begins to record in one application, then in another, and ends the first. */
  const race = async (end: 'commit' | 'rollback') => {
    const driver = await create()
    const { dialect } = driver
    const [first, second] = [await openWithEffects(driver), await openBot(driver)]
    const recorded = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    const one = first.unit(async () => {
      await effect(first)
      await first.store.record(KEY, [], 1, 2)
      recorded.resolve()
      await over.promise
      if (end === 'rollback') throw new Error('no')
    })
    await recorded.promise
    expect(await second.store.isHandled(KEY)).toBe(false)
    const two = second.unit(() => second.store.record(KEY, [], 1, 2))
    const ended = Promise.allSettled([one, two])
    try {
      // MariaDB looks again only when nobody has asked for a tenth of a second.
      const often = { timeout: 10_000, interval: 250 }
      await vi.waitFor(async () => expect(await first.rows(WAITING[dialect])).toHaveLength(1), often)
    } finally {
      over.resolve()
    }
    return { first, second, results: await ended }
  }

  // SQLite blocks the thread while it waits for another process: here the two would wait for each other.
  it.skipIf(title.startsWith('SQLite'))('the second one is refused when the first commits', async () => {
    const { first, results } = await race('commit')
    expect(results).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'rejected', reason: expect.any(UpdateHandledError) },
    ])
    expect(await effects(first)).toBe(1)
  })

  it.skipIf(title.startsWith('SQLite'))('the second one records it when the first fails', async () => {
    const { first, results } = await race('rollback')
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(await first.store.isHandled(KEY)).toBe(true)
    expect(await effects(first)).toBe(0)
  })

  it('one of many records an update, and each has updates of its own to take', async () => {
    const driver = await create()
    const [first, second] = await Promise.all([openBot(driver), openBot(driver)])
    const both = Array.from({ length: 32 }, (_, index) => (index % 2 === 0 ? first : second))
    const results: PromiseSettledResult<void>[] = []
    // The writers of two processes that share SQLite block the thread: they come one after another.
    if (title.startsWith('SQLite'))
      for (const { store, unit } of both)
        results.push(...(await Promise.allSettled([unit(() => store.record(KEY, CALLS, 1, 1))])))
    else
      results.push(
        ...(await Promise.allSettled(
          both.map(({ store, unit }) => unit(() => store.record(KEY, CALLS, 1, 1))),
        )),
      )
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(failed).toEqual(Array.from({ length: 31 }, () => expect.any(UpdateHandledError)))
    await first.unit(async () => {
      for (let update = 100; update < 163; update++) await first.store.record({ bot: 1, update }, CALLS, 1, 1)
    })
    const taken = await Promise.all(both.map(({ store }) => store.takeWaiting(1, 1, 9, 4)))
    const ids = taken.flat().map(({ update }) => update)
    expect(new Set(ids).size).toBe(64)
    expect(ids).toHaveLength(64)
  })
})

it('what is outside of a unit of work waits for another one that writes, and reads do not, in a file', async () => {
  const database = shared.find(({ title }) => title === 'SQLite in a file')
  if (!database) throw new Error('SQLite is always there.')
  const place = await openWithEffects(await database.create())
  const { store, unit } = place
  await unit(() => store.record(KEY, CALLS, 1, 2))
  const wrote = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const writing = unit(async () => {
    await effect(place)
    wrote.resolve()
    await over.promise
  })
  await wrote.promise
  const noting = store.noteMade(KEY, 1)
  expect(await store.isHandled(KEY)).toBe(true)
  over.resolve()
  await Promise.all([writing, noting])
  expect(await store.takeWaiting(1, 9, 10, 1)).toEqual([])
})
