import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { basic } from 'limber/auth'
import { memoryStore, redisStore } from 'limber/cache'
import { afterAll, describe, expect, test } from 'vitest'
import { Recorder } from '../http/serve-routes.ts'
import { link, write } from '../support/app-folder.ts'
import { type RunningLimber, repository, startLimber } from '../support/run-limber.ts'
import { basicOf, jsonOf, PASSWORD, type ServedOptions, served } from './support/served.ts'

const countOf = (statuses: readonly number[], status: number) =>
  statuses.filter((one) => one === status).length

describe('the limiter of the cache', () => {
  const limited = (options: ServedOptions) => {
    const recorder = new Recorder()
    return served((router, app) => {
      router.post('/login', async ({ request }) => {
        recorder.join(app.currentScope())
        const password = String(request.headers['x-password'])
        await app.make('auth').attempt({ login: 'ada@library.example', password })
      })
      router.get('/me', () => 'in', { guards: [basic()] })
    }, options).then((world) => {
      const login = (password: string) =>
        fetch(`${world.url}/login`, { method: 'POST', headers: { 'x-password': password } })
      return { ...world, recorder, login }
    })
  }

  test('counts logins that are refused and rolled back, to the last one and no further', async () => {
    const { login, recorder, clock } = await limited({ cache: { stores: { main: memoryStore() } } })
    const statuses = await Promise.all(
      Array.from({ length: 64 }, async (_, n) => (await login(`wrong ${n}`)).status),
    )
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([5, 59])
    expect(recorder.calls.filter((call) => call === 'rollback')).toHaveLength(64)
    const refused = await login(PASSWORD)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60'])
    clock.time += 60_000
    expect((await login(PASSWORD)).status).toBe(204)
  })

  test('forgives a success its own tries, and none of those of others', async () => {
    const { get, users } = await limited({
      cache: { stores: { main: memoryStore() } },
      auth: { login: { max: 5, window: 60_000, address: { max: 3, window: 60_000 } } },
    })
    await users.add(2, 'eve', 'the password of eve')
    const statuses: number[] = []
    // Eve logs in between her guesses, so that her address looks good.
    for (let n = 0; n < 4; n++) {
      statuses.push((await get('/me', basicOf(`user ${n}`, 'a guess'))).status)
      statuses.push((await get('/me', basicOf('eve', 'the password of eve'))).status)
    }
    expect(statuses).toEqual([401, 200, 401, 200, 401, 429, 429, 429])
  })

  test('lets nobody log in while its store is away', async () => {
    const { login } = await limited({
      cache: { stores: { main: redisStore({ url: 'redis://127.0.0.1:1' }) } },
    })
    const reply = await login(PASSWORD)
    expect([reply.status, (await jsonOf(reply)).code]).toEqual([503, 'LIMBER_CACHE_UNAVAILABLE'])
  })
})

describe('two workers that share a store', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-logins-'))
  let limber: RunningLimber | undefined

  afterAll(() => {
    limber?.child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  test('try no more passwords than one would', async () => {
    link(folder, 'limber', repository)
    write(folder, {
      'package.json': '{ "type": "module" }',
      'config/app.js': `
        import { AuthServiceProvider } from 'limber/auth'
        import { CacheServiceProvider } from 'limber/cache'
        import { HttpServiceProvider } from 'limber/http'
        export default { name: 'shared', providers: [CacheServiceProvider, HttpServiceProvider, AuthServiceProvider] }`,
      'config/http.js': 'export default { port: 0 }',
      'config/cache.js': `
        import { fileStore } from 'limber/cache'
        export default { stores: { main: fileStore() } }`,
      'config/auth.js': `
        import { Hash } from 'limber/auth'
        const hash = { memory: 64, passes: 1 }
        const passwordHash = await new Hash(hash).make('right')
        const users = {
          idOf: () => 1,
          findById: async () => undefined,
          findByLogin: async () => ({}),
          passwordHashOf: () => passwordHash,
          changePasswordHash() {},
        }
        export default { users, hash, login: { max: 5, window: 3_600_000 } }`,
      'app/http/routes.js': `
        import { basic } from 'limber/auth'
        export default (router) => router.get('/me', () => ({ pid: process.pid }), { guards: [basic()] })`,
    })
    limber = startLimber(['serve', '--workers', '2'], { cwd: folder })
    const [, origin = ''] = /Listening on (\S+) with 2 workers/.exec(await limber.wrote('workers')) ?? []
    // Each client has a connection of its own, and all send at once.
    const ask = async (password: string) => {
      const headers = { ...basicOf('ada', password), connection: 'close' }
      const reply = await fetch(`${origin}/me`, { headers })
      return { status: reply.status, pid: (await jsonOf(reply)).pid }
    }
    // Until both have had some: the system may give all connections of one moment to the same process.
    const pids = new Set()
    for (let round = 0; round < 50 && pids.size < 2; round++) {
      const right = await Promise.all(Array.from({ length: 64 }, () => ask('right')))
      for (const { pid } of right) pids.add(pid)
    }
    expect(pids.size).toBe(2)
    const wrong = await Promise.all(Array.from({ length: 64 }, (_, n) => ask(`wrong ${n}`)))
    const statuses = wrong.map(({ status }) => status)
    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([5, 59])
  })
})
