/** Several processes that write to one store at the same time, and one that is killed while it does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { storeFromUrl } from 'limber/cache'
import { expect, it, onTestFinished } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { privateMemcached } from '../../support/private-memcached.ts'
import { privateRedis } from '../../support/private-redis.ts'
import { areInstalled } from '../../support/server-process.ts'
import { openStore } from './support.ts'

const script = path.resolve('test/cache/stores/fixtures/count.ts')
const CLIENTS = 32
const TIMES = process.env.LIMBER_TEST_DEEP === '1' ? 100 : 10

interface Counting {
  readonly child: ChildProcess
  /** What it has written so far. */
  readonly written: string[]
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>
}

function startCounting(url: string, root: string, times = TIMES): Counting {
  const argv = ['--conditions=limber:source', script, url, root, String(CLIENTS), String(times)]
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const written: string[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    written.push(...lines)
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'close').then(([code]) => ({ code, errors }))
  return { child, written, ended }
}

async function expectExact(url: string, root: string): Promise<void> {
  const processes = [startCounting(url, root), startCounting(url, root)]
  for (const { ended } of processes) expect(await ended).toEqual({ code: 0, errors: '' })
  const { store } = await openStore(storeFromUrl(url), { root })
  expect((await store.get(['limit:all']))[0]?.text).toBe(String(2 * CLIENTS * TIMES))
}

it('two processes count exactly in one file, and are not warned of anything', async () => {
  await expectExact('file:storage/cache', emptyFolder())
})

if (areInstalled('redis-server')) {
  it('two processes count exactly on one Redis server', async () => {
    const server = await privateRedis()
    onTestFinished(() => server.remove())
    await expectExact(`redis://127.0.0.1:${server.port}`, emptyFolder())
  })
}

if (areInstalled('memcached')) {
  it('two processes count exactly on one Memcached server', async () => {
    const server = await privateMemcached()
    onTestFinished(() => server.process.kill())
    await expectExact(`memcached://127.0.0.1:${server.port}`, emptyFolder())
  })
}

it('a process that is killed while it writes to a file loses nothing that it had written', async () => {
  const root = emptyFolder()
  for (const lines of [1, 50, 400]) {
    const { child, written, ended } = startCounting('file:storage/cache', root, 100_000)
    await expect.poll(() => written.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(lines)
    child.kill('SIGKILL')
    await ended
    const { app, store } = await openStore(storeFromUrl('file:storage/cache'), { root })
    const found = await store.get(written.map((name) => `cache:${name}`))
    expect(found.filter((entry) => entry?.text.length !== 1_000)).toEqual([])
    const before = Number((await store.get(['limit:all']))[0]?.text)
    expect(await store.increment('limit:all', 1)).toMatchObject({ count: before + 1 })
    await app.stop()
    const raw = new DatabaseSync(path.join(root, 'storage/cache/cache.sqlite'))
    expect(raw.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
    raw.close()
  }
})
