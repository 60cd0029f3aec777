import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { throttle } from 'limber/cache'
import { afterAll, describe, expect, test } from 'vitest'
import { link, write } from '../../support/app-folder.ts'
import { type RunningLimber, repository, startLimber } from '../../support/run-limber.ts'
import { everyStore } from '../every-store.ts'
import { throttled } from './throttled.ts'

const CLIENTS = 64
const MAX = 10

interface Answer {
  readonly status: number | undefined
  readonly body: unknown
}

/** Each client has a connection of its own, and all send at once. */
function askAtOnce(url: string, clients = CLIENTS): Promise<Answer[]> {
  const ask = () =>
    new Promise<Answer>((resolve, reject) => {
      const read = async (reply: IncomingMessage) => ({ status: reply.statusCode, body: await json(reply) })
      const agent = new Agent({ keepAlive: false })
      get(url, { agent }, (reply) => void read(reply).then(resolve, reject)).once('error', reject)
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
})

describe('two workers that share a store', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-limits-'))
  let limber: RunningLimber | undefined

  afterAll(() => {
    limber?.child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  test('no more than the limit pass of many clients at once', async () => {
    link(folder, 'limber', repository)
    write(folder, {
      'package.json': '{ "type": "module" }',
      'config/app.js': `
        import { CacheServiceProvider } from 'limber/cache'
        import { HttpServiceProvider } from 'limber/http'
        export default { name: 'shared', providers: [CacheServiceProvider, HttpServiceProvider] }`,
      'config/http.js': 'export default { port: 0 }',
      'config/cache.js': `
        import { fileStore } from 'limber/cache'
        export default { stores: { main: fileStore() } }`,
      'app/http/routes.js': `
        import { throttle } from 'limber/cache'
        export default (router) => {
          router.get('/', () => ({ pid: process.pid }))
          router.get('/few', () => ({ pid: process.pid }), { guards: [throttle({ max: ${MAX}, window: 3_600_000 })] })
        }`,
    })
    limber = startLimber(['serve', '--workers', '2'], { cwd: folder })
    const [, origin = ''] = /Listening on (\S+) with 2 workers/.exec(await limber.wrote('workers')) ?? []
    const answers = await askAtOnce(`${origin}/few`)
    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([MAX, CLIENTS - MAX])
    // Both have worked on it.
    const pids = (await askAtOnce(origin)).map(({ body }) => Object(body).pid)
    expect(new Set(pids).size).toBe(2)
  })
})
