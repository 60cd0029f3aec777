import { connect } from 'node:net'
import { type Guard, LimberError } from 'limber'
import { CacheUnavailableError, InvalidLimitError, memoryStore, throttle } from 'limber/cache'
import { describe, expect, test } from 'vitest'
import { limitsOf, oneRoute, throttled } from './throttled.ts'

class NotFoundError extends LimberError {
  readonly code = 'TEST_NOT_FOUND'
  readonly kind = 'not-found'
}

const statusesOf = async (asked: readonly (() => Promise<Response>)[]) => {
  const statuses: number[] = []
  for (const ask of asked) statuses.push((await ask()).status)
  return statuses
}

describe('what a reply says of limits', () => {
  test('how many are left, when it begins anew, and beyond the limit a problem that says when to come back', async () => {
    const { get, clock } = await throttled(oneRoute({ max: 2 }))
    const reset = String(clock.time / 1000 + 60)
    const policy = '"default";q=2;w=60'
    expect(limitsOf(await get())).toEqual(['2', '1', reset, policy, '"default";r=1;t=60', null])
    clock.time += 10_500
    expect(limitsOf(await get())).toEqual(['2', '0', reset, policy, '"default";r=0;t=50', null])
    const refused = await get()
    expect(refused.status).toBe(429)
    expect(limitsOf(refused)).toEqual(['2', '0', reset, policy, '"default";r=0;t=50', '50'])
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused.json()).toMatchObject({
      status: 429,
      code: 'LIMBER_TOO_MANY_REQUESTS',
      hint: 'Try again in 50 seconds.',
    })
    clock.time += 49_499
    expect((await get()).status).toBe(429)
    clock.time += 1
    const after = await get()
    expect(after.status).toBe(200)
    expect(limitsOf(after)[1]).toBe('1')
  })

  test('it is said of errors as well', async () => {
    const { get } = await throttled((router) => {
      const fails = (error: Error) => () => {
        throw error
      }
      router.group({ guards: [throttle()] }, (group) => {
        group.get('/missing', fails(new NotFoundError('no')))
        group.get('/broken', fails(new TypeError('no')))
      })
    })
    for (const [path, status] of [
      ['/missing', 404],
      ['/broken', 500],
    ] as const) {
      const reply = await get(path)
      expect(reply.status).toBe(status)
      expect(limitsOf(reply).slice(0, 2)).toEqual(['60', '59'])
      expect(limitsOf(reply)[4]).toBe('"default";r=59;t=60')
    }
  })

  test('of several the tightest is told to those who know only one', async () => {
    const { get, clock } = await throttled((router) =>
      router.group({ guards: [throttle({ max: 100, name: 'all' })] }, (group) =>
        group.get('/', () => 'in', {
          guards: [throttle({ max: 2, window: 10_000 }), throttle({ max: 3, window: 3_600_000 })],
        }),
      ),
    )
    const policy = '"all";q=100;w=60, "default";q=2;w=10, "default-2";q=3;w=3600'
    const first = await get()
    const seconds = clock.time / 1000
    expect(limitsOf(first)).toEqual([
      '2',
      '1',
      String(seconds + 10),
      policy,
      '"all";r=99;t=60, "default";r=1;t=10, "default-2";r=2;t=3600',
      null,
    ])
    await get()
    clock.time += 10_000
    const third = await get()
    expect(limitsOf(third).slice(0, 3)).toEqual(['3', '0', String(seconds + 3600)])
    const refused = await get()
    expect(refused.status).toBe(429)
    expect(limitsOf(refused)).toEqual([
      '3',
      '0',
      String(seconds + 3600),
      policy,
      '"all";r=96;t=50, "default";r=0;t=10, "default-2";r=0;t=3590',
      '3590',
    ])
  })
})

test('no number is larger than the fields of the standard can have', async () => {
  const { get } = await throttled(oneRoute({ max: Number.MAX_SAFE_INTEGER }))
  expect(limitsOf(await get()).slice(3, 5)).toEqual([
    '"default";q=999999999999999;w=60',
    '"default";r=999999999999999;t=60',
  ])
})

test('of several that are equally tight the one that takes longer is told', async () => {
  for (const windows of [
    [10_000, 3_600_000],
    [3_600_000, 10_000],
  ]) {
    const guards = windows.map((window) => throttle({ max: 2, window }))
    const { get, clock } = await throttled((router) => router.get('/', () => 'in', { guards }))
    expect(limitsOf(await get()).slice(0, 3)).toEqual(['2', '1', String(clock.time / 1000 + 3600)])
  }
})

describe('what is counted together', () => {
  test('each route has its own count, unless a name makes it one', async () => {
    const { get } = await throttled((router) => {
      for (const path of ['/a', '/b/:id']) router.get(path, () => 'in', { guards: [throttle({ max: 1 })] })
      for (const path of ['/c', '/d'])
        router.get(path, () => 'in', { guards: [throttle({ max: 1, name: 'both' })] })
    })
    const paths = ['/a', '/b/1', '/b/2', '/c', '/d']
    expect(await statusesOf(paths.map((path) => () => get(path)))).toEqual([200, 200, 429, 200, 429])
  })

  test('HEAD counts as the GET that it is answered like', async () => {
    const { get, url } = await throttled(oneRoute({ max: 1 }))
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await get()).status).toBe(429)
  })

  test('the same throttle of a group and of its route counts once', async () => {
    const guards = [throttle({ max: 2 })]
    const { get } = await throttled((router) =>
      router.group({ guards }, (group) => group.get('/', () => 'in', { guards })),
    )
    expect(limitsOf(await get()).slice(1, 4)).toEqual(['1', expect.any(String), '"default";q=2;w=60'])
    expect(await statusesOf([get, get])).toEqual([200, 429])
  })

  test('users are counted by their id, those whom no guard knows by their address', async () => {
    const login: Guard = {
      name: 'login',
      admit: (request) => {
        const { 'x-user': id } = request.headers
        // The type of users is that of the application which lives here.
        if (typeof id === 'string') Object.assign(request, { user: { id: Number(id) } })
      },
    }
    const { get } = await throttled((router) =>
      router.get('/', () => 'in', { guards: [login, throttle({ max: 1, by: 'user' })] }),
    )
    const by = (user: string) => () => get('/', { 'x-user': user })
    expect(await statusesOf([by('1'), by('2'), by('1'), get, get, by('3')])).toEqual([
      200, 200, 429, 200, 429, 200,
    ])
  })

  test('users without an id need a function that tells them apart', async () => {
    const login: Guard = {
      name: 'login',
      admit: (request) => {
        Object.assign(request, { user: { email: 'ada@example.com' } })
      },
    }
    const { get, warnings } = await throttled((router) =>
      router.get('/', () => 'in', { guards: [login, throttle({ by: 'user' })] }),
    )
    expect((await get()).status).toBe(500)
    expect(warnings.join()).toContain('LIMBER_INVALID_LIMIT')
  })

  test('a function says who is counted, and who is not', async () => {
    const { get } = await throttled(
      oneRoute({
        max: 1,
        by: async ({ headers }) => String(headers['x-key']),
        skip: ({ headers }) => headers['x-key'] === 'admin',
      }),
    )
    const by = (key: string) => () => get('/', { 'x-key': key })
    const asked = [by('a'), by('b'), by('a'), by('admin'), by('admin')]
    expect(await statusesOf(asked)).toEqual([200, 200, 429, 200, 200])
    expect(limitsOf(await by('admin')())).toEqual(Array(6).fill(null))
  })
})

describe('a store that is away', () => {
  const away = {
    name: 'away',
    open: async (facts: Parameters<ReturnType<typeof memoryStore>['open']>[0]) => {
      const store = await memoryStore().open(facts)
      const failure = new CacheUnavailableError('main', '127.0.0.1:1', new Error('connect ECONNREFUSED'))
      store.increment = () => Promise.reject(failure)
      return store
    },
  }

  test('lets requests pass uncounted, and the log says so once in a while', async () => {
    const { get, clock, warnings } = await throttled(oneRoute({ max: 1 }), { driver: away })
    const reply = await get()
    expect(reply.status).toBe(200)
    expect(limitsOf(reply)).toEqual(Array(6).fill(null))
    await get()
    expect(warnings).toEqual([expect.stringContaining('ECONNREFUSED')])
    expect(warnings[0]).toContain('pass uncounted')
    clock.time += 10_000
    await get()
    expect(warnings).toHaveLength(2)
  })

  test('refuses requests where that was asked for', async () => {
    const { get } = await throttled(oneRoute({ whenAway: 'refuse' }), { driver: away })
    expect((await get()).status).toBe(503)
  })
})

test('a client that hangs up before it is counted is no error', async () => {
  const [begun, gone, passed] = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const waiting: Guard = {
    name: 'waiting',
    admit: async () => {
      begun?.resolve()
      await gone?.promise
    },
  }
  const after: Guard = { name: 'after', admit: () => passed?.resolve() }
  const { url, warnings } = await throttled((router) =>
    router.get('/', () => 'in', { guards: [waiting, throttle({ whenAway: 'refuse' }), after] }),
  )
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await begun?.promise
  socket.resetAndDestroy()
  // The server has read the end of it when it has answered another one.
  await fetch(`${url}/missing`)
  gone?.resolve()
  await passed?.promise
  expect(warnings).toEqual([])
})

test('a throttle that could never work is refused where it is made', () => {
  expect(() => throttle({ max: 0 })).toThrow(InvalidLimitError)
  expect(() => throttle({ window: Number.NaN })).toThrow(InvalidLimitError)
  for (const name of ['', 'a"b', 'a\r\nb', 'x'.repeat(65)])
    expect(() => throttle({ name })).toThrow(/as its name/)
})
