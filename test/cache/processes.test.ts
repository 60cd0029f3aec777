import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { redisStore } from 'limber/cache'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'
import { openStore } from './stores/support.ts'

const REDIS_URL = process.env.LIMBER_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

/** A command that asks a hundred times for one value, whose factory leaves a line in a file; and counts as often. */
const library = (store: string, prefix: string) => ({
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { CacheServiceProvider } from 'limber/cache'
    export default defineApp({
      name: 'library',
      providers: [CacheServiceProvider],
      commands: [() => import('../app/ask-command.ts')],
    })`,
  'config/cache.ts': `
    import { defineCache, fileStore, redisStore } from 'limber/cache'
    export default defineCache({ stores: { main: ${store} }, prefix: '${prefix}' })`,
  'app/ask-command.ts': `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { inject, injectable } from 'limber'
    import type { Cache } from 'limber/cache'
    import { defineCommand, type Output } from 'limber/console'
    const definition = defineCommand({ name: 'ask', description: 'Ask.' })
    @injectable()
    export class AskCommand {
      static readonly definition = definition
      constructor(@inject('cache') private readonly cache: Cache, @inject('output') private readonly output: Output) {}
      async run() {
        const { cache } = this
        await cache.increment('ready')
        while (((await cache.get<number>('ready')) ?? 0) < 2) await sleep(5)
        const factory = async () => {
          appendFileSync('computed.txt', process.pid + '\\n')
          await sleep(100)
          return process.pid
        }
        const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('value', factory)))
        const add = (n: number) => cache.update('list', (list: number[] = []) => [...list, n])
        for (let n = 0; n < 10; n++) await add(n)
        this.output.json([...new Set(values)])
      }
    }`,
})

async function askTwice(store: string, prefix = 'library') {
  const cwd = appFolder(library(store, prefix))
  const runs = await Promise.all([runLimber(['ask'], { cwd }), runLimber(['ask'], { cwd })])
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    runs.map(() => ({ code: 0, stderr: '' })),
  )
  const computed = readFileSync(path.join(cwd, 'computed.txt'), 'utf8').trim().split('\n')
  return { cwd, computed, answers: runs.map(({ stdout }) => JSON.parse(stdout)) }
}

describe('two processes that ask a hundred times each at once have a value computed once', () => {
  test('over a file', async () => {
    const { computed, answers } = await askTwice('fileStore()')
    expect(computed).toHaveLength(1)
    expect(answers).toEqual([[Number(computed[0])], [Number(computed[0])]])
  })

  test('over a Redis server', async (context) => {
    const prefix = `test-${randomBytes(4).toString('hex')}`
    const { store } = await openStore(redisStore({ url: REDIS_URL }), { prefix })
    const reason = await store.ping().catch((error: unknown) => error)
    if (reason !== undefined && process.env.LIMBER_TEST_SERVICES !== 'required') {
      context.skip(`skipped: there is no Redis at ${REDIS_URL}; start one, or set LIMBER_TEST_REDIS_URL`)
    }
    expect(reason).toBeUndefined()
    onTestFinished(() => store.clear('cache'))
    const { computed, answers } = await askTwice(`redisStore({ url: '${REDIS_URL}' })`, prefix)
    expect(computed).toHaveLength(1)
    expect(answers).toEqual([[Number(computed[0])], [Number(computed[0])]])
    const [list] = await store.get(['cache:list'])
    expect(JSON.parse(list?.text ?? '').v).toHaveLength(20)
  })
})
