import { Agent, get } from 'node:http'
import { throttle } from 'limber/cache'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emptyFolder, link, write } from '../../support/app-folder.ts'
import { repository, startLimber } from '../../support/run-limber.ts'
import { everyStore } from '../every-store.ts'
import { throttled } from './throttled.ts'

const CLIENTS = 64
const MAX = 10

interface Answer {
  readonly status: number | undefined
  /** The process that has answered, where it says so. */
  readonly pid: string | undefined
}

/** Each client has a connection of its own, and all send at once. */
function askAtOnce(url: string, clients = CLIENTS): Promise<Answer[]> {
  const ask = () =>
    new Promise<Answer>((resolve, reject) => {
      const agent = new Agent({ keepAlive: false })
      get(url, { agent }, (reply) => {
        reply.resume()
        resolve({ status: reply.statusCode, pid: reply.headers['x-pid']?.toString() })
      }).once('error', reject)
    })
  return Promise.all(Array.from({ length: clients }, ask))
}

const countOf = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length

describe.each(await everyStore())('with $title', ({ open }) => {
  test('no more than the limit pass of many clients at once', async () => {
    const { driver } = await open()
    const { url, clock } = await throttled(
      (router) => router.get('/', () => ({ in: true }), { guards: [throttle({ max: MAX })] }),
      { driver },
    )
    for (let window = 0; window < 2; window++) {
      const answers = await askAtOnce(url)
      expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([MAX, CLIENTS - MAX])
      clock.time += 60_000
    }
  })

  test('no more pass over two workers that share it', async (context) => {
    const { code } = await open()
    context.skip(code === undefined, 'each process has its own')
    const { origin } = await twoWorkers(String(code))
    const answers = await askAtOnce(origin)
    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([MAX, CLIENTS - MAX])
    // Until both have had some: the system may give all connections of one moment to the same process.
    const pids = new Set(answers.map(({ pid }) => pid))
    for (let round = 0; round < 50 && pids.size < 2; round++) {
      const later = await askAtOnce(origin)
      expect(countOf(later, 429)).toBe(CLIENTS)
      for (const { pid } of later) pids.add(pid)
    }
    expect(pids.size).toBe(2)
  })
})

/** An application of two processes. @param store what is written in its configuration */
async function twoWorkers(store: string): Promise<{ readonly origin: string }> {
  const folder = emptyFolder()
  link(folder, 'limber', repository)
  write(folder, {
    'package.json': '{ "type": "module" }',
    'config/app.js': `
      import { CacheServiceProvider } from 'limber/cache'
      import { HttpServiceProvider } from 'limber/http'
      export default { name: 'shared', providers: [CacheServiceProvider, HttpServiceProvider] }`,
    'config/http.js': 'export default { port: 0 }',
    'config/cache.js': `
      import { fileStore, memcachedStore, redisStore } from 'limber/cache'
      import { databaseStore } from 'limber/database'
      export default { stores: { main: ${store} } }`,
    'app/http/routes.js': `
      import { throttle } from 'limber/cache'
      const signed = { name: 'signed', admit: (request) => request.replyHeader('x-pid', String(process.pid)) }
      const few = throttle({ max: ${MAX}, window: 3_600_000 })
      export default (router) => router.get('/', () => 'in', { guards: [signed, few] })`,
  })
  const limber = startLimber(['serve', '--workers', '2'], { cwd: folder })
  onTestFinished(() => void limber.child.kill('SIGKILL'))
  const [, origin = ''] = /Listening on (\S+) with 2 workers/.exec(await limber.wrote('workers')) ?? []
  return { origin }
}
