import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { appFolder, link, write } from '../support/app-folder.ts'
import { type RunningLimber, repository, runLimber, startLimber } from '../support/run-limber.ts'

/** A small application whose replies say which process made them. */
const files = {
  'package.json': '{ "type": "module" }',
  'config/app.js': `
    import { HttpServiceProvider } from 'limber/http'
    export default { name: 'pids', providers: [HttpServiceProvider] }`,
  'config/http.js': 'export default { port: 0, drainDelay: 300 }',
  'app/http/routes.js': `
    export default (router) => {
      router.get('/', async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return { pid: process.pid }
      })
    }`,
}

interface Asked {
  readonly pid?: number
  /** Why there is no reply. */
  readonly failure?: string
  /** The process that had answered on the same connection before, when there was one. */
  readonly heldBy: number | undefined
  readonly at: number
}

/** Asks one request after the other until it is told to stop, and notes what became of each. */
class Client {
  readonly asked: Asked[] = []
  readonly #agent: Agent
  #isDone = false
  #ending: Promise<void>

  constructor(origin: string, keepAlive: boolean) {
    this.#agent = new Agent({ keepAlive, maxSockets: 1 })
    this.#ending = this.#run(origin)
  }

  end(): Promise<void> {
    this.#isDone = true
    return this.#ending
  }

  async #run(origin: string): Promise<void> {
    const holders = new WeakMap<object, number>()
    while (!this.#isDone) {
      const at = Date.now()
      const request = get(origin, { agent: this.#agent })
      let heldBy: number | undefined
      request.once('socket', (socket) => {
        heldBy = holders.get(socket)
      })
      try {
        const [reply]: IncomingMessage[] = await once(request, 'response')
        if (!reply) throw new Error('no response')
        const { pid } = JSON.parse(await text(reply))
        if (request.socket) holders.set(request.socket, pid)
        this.asked.push({ pid, heldBy, at })
      } catch (error) {
        this.asked.push({ failure: String(error), heldBy, at })
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    this.#agent.destroy()
  }
}

function clients(origin: string): Client[] {
  return Array.from({ length: 8 }, (_, index) => new Client(origin, index % 2 === 0))
}

/** Waits until these clients have had so many more replies. */
async function moreReplies(load: readonly Client[], count: number): Promise<void> {
  const replies = () => load.flatMap(({ asked }) => asked).filter(({ pid }) => pid !== undefined).length
  const enough = replies() + count
  while (replies() < enough) await new Promise((resolve) => setImmediate(resolve))
}

const pidsOf = (load: readonly Client[]) => [
  ...new Set(load.flatMap(({ asked }) => asked.flatMap(({ pid }) => pid ?? []))),
]
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const failuresOf = (load: readonly Client[]) =>
  load.flatMap(({ asked }) => asked).filter(({ failure }) => failure !== undefined)

describe('two workers under load', () => {
  let limber: RunningLimber
  let origin: string

  const folder = mkdtempSync(path.join(tmpdir(), 'limber-workers-'))

  beforeAll(async () => {
    link(folder, 'limber', repository)
    write(folder, files)
    limber = startLimber(['serve', '--workers', '2'], { cwd: folder })
    const line = /Listening on (\S+) with 2 workers/.exec(await limber.wrote('workers'))
    origin = line?.[1] ?? ''
  })

  afterAll(() => {
    limber.child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })

  test('one that is killed takes only what it held with it, and another one takes its place', async () => {
    const load = clients(origin)
    while (pidsOf(load).length < 2) await moreReplies(load, 10)
    const [killed = 0, other = 0] = pidsOf(load)
    process.kill(killed, 'SIGKILL')
    await limber.wrote(`in place of ${killed}`)
    while (pidsOf(load).length < 3) await moreReplies(load, 10)
    await Promise.all(load.map((client) => client.end()))

    // Without an earlier reply nobody knows who held a connection; each client had at most one such open at once.
    const lost = failuresOf(load)
    expect(lost.filter(({ heldBy }) => heldBy === other)).toEqual([])
    for (const { asked } of load) expect(asked.filter(({ failure }) => failure).length).toBeLessThanOrEqual(1)
    for (const { failure } of lost) expect(failure).toMatch(/ECONNRESET|socket hang up/)
  })

  test('all are exchanged without losing a request', async () => {
    const load = clients(origin)
    await moreReplies(load, 50)
    const before = pidsOf(load)
    limber.child.kill('SIGUSR2')
    await limber.wrote('All workers are new.')
    const marked = load.map(({ asked }) => asked.length)
    await moreReplies(load, 50)
    await Promise.all(load.map((client) => client.end()))
    expect(failuresOf(load)).toEqual([])
    const after = load.flatMap(({ asked }, index) =>
      asked.slice((marked[index] ?? 0) + 1).map(({ pid }) => pid),
    )
    expect(after.filter((pid) => pid !== undefined && before.includes(pid))).toEqual([])
  })

  test('Ctrl+C, which reaches every process, answers all that was asked before it and leaves nothing behind', async () => {
    const load = clients(origin)
    while (pidsOf(load).length < 2) await moreReplies(load, 10)
    const pids = pidsOf(load)
    const since = Date.now()
    for (const pid of [...pids, Number(limber.child.pid)]) process.kill(pid, 'SIGINT')
    const { code, stderr } = await limber.ended
    await Promise.all(load.map((client) => client.end()))
    expect({ code, errors: stderr.match(/"level":(40|50|60)/) }).toEqual({ code: 0, errors: null })
    expect(failuresOf(load).filter(({ at }) => at <= since)).toEqual([])
    expect(pids.filter(isAlive)).toEqual([])
  })
})

test('a first process that is killed takes its workers with it, once they have answered', async () => {
  const limber = startLimber(['serve', '--workers', '1'], { cwd: appFolder(files) })
  const origin = /Listening on (\S+) with 1 worker/.exec(await limber.wrote('1 worker'))?.[1] ?? ''
  const { pid } = JSON.parse(await (await fetch(origin)).text())
  const reply = fetch(origin)
  limber.child.kill('SIGKILL')
  expect((await reply).status).toBe(200)
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
})

describe('two workers', () => {
  const routes = `
    import { existsSync } from 'node:fs'
    export default (router) => {
      if (existsSync('torn')) throw new Error('the routes are torn')
      router.get('/', () => ({ pid: process.pid }))
    }`
  async function serving() {
    const cwd = appFolder({ ...files, 'app/http/routes.js': routes })
    const limber = startLimber(['serve', '--workers', '2'], { cwd })
    onTestFinished(() => void limber.child.kill('SIGKILL'))
    const origin = /Listening on (\S+)/.exec(await limber.wrote('with 2 workers'))?.[1] ?? ''
    const ask = async (): Promise<number> =>
      JSON.parse(await (await fetch(origin, { headers: { connection: 'close' } })).text()).pid
    /** Both processes, in any order. */
    const pids = async () => {
      const seen = new Set<number>()
      while (seen.size < 2) seen.add(await ask())
      return [...seen]
    }
    return { cwd, limber, ask, pids }
  }

  test('of which one cannot be replaced go on as one, until it can', async () => {
    const { cwd, limber, ask, pids } = await serving()
    const [killed = 0, other = 0] = await pids()
    write(cwd, { torn: '' })
    process.kill(killed, 'SIGKILL')
    while ((await limber.wrote('before it listened')).split('before it listened').length <= 3) await ask()
    expect(await ask()).toBe(other)
    rmSync(path.join(cwd, 'torn'))
    await limber.wrote('in place of')
    expect(await pids()).toContain(other)
    limber.child.kill('SIGTERM')
    expect(await limber.ended).toMatchObject({ code: 0 })
  })

  test('that are to be exchanged for ones that cannot start serve on, however often it is tried', async () => {
    const { cwd, limber, ask } = await serving()
    write(cwd, { torn: '' })
    for (let tries = 1; tries <= 3; tries++) {
      limber.child.kill('SIGUSR2')
      while ((await limber.wrote('go on as they are')).split('go on as they are').length <= tries) await ask()
    }
    expect(await ask()).toBeGreaterThan(0)
    limber.child.kill('SIGTERM')
    expect(await limber.ended).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('WORKERS_FAILED'),
    })
  })

  test('are two again when one dies while the other is exchanged', async () => {
    const { limber, pids } = await serving()
    const before = await pids()
    limber.child.kill('SIGUSR2')
    await limber.wrote('Restarting')
    process.kill(Number(before.toSorted((one, other) => one - other)[1]), 'SIGKILL')
    await limber.wrote('All workers are new.')
    expect((await pids()).filter((pid) => before.includes(pid))).toEqual([])
    limber.child.kill('SIGTERM')
    expect(await limber.ended).toMatchObject({ code: 0 })
  })

  test('that are being exchanged when a stop comes say nothing more of it, and each stops once', async () => {
    const { limber } = await serving()
    limber.child.kill('SIGUSR2')
    await limber.wrote('Restarting')
    limber.child.kill('SIGTERM')
    const { code, stdout } = await limber.ended
    expect({ code, told: stdout.match(/go on as they are|are new/g) }).toEqual({ code: 0, told: null })
    const stopped = stdout.match(/Worker \d+ stopped/g) ?? []
    expect(stopped).toHaveLength(new Set(stopped).size)
  })
})

test('workers that cannot start are given up, with the reason', async () => {
  const cwd = appFolder({
    ...files,
    'app/http/routes.js': `export default () => { throw new Error('the routes are torn') }`,
  })
  const { code, stdout, stderr } = await runLimber(['serve', '--workers', '1'], { cwd })
  expect(code).toBe(1)
  expect(stdout.match(/ended with exit code 1 before it listened/g)).toHaveLength(3)
  expect(stderr).toContain('the routes are torn')
  expect(stderr).toContain('[LIMBER_WORKERS_FAILED]: 3 workers in a row did not get as far as listening')
})

test('what lives in the memory of one process is not served by several', async () => {
  const cwd = appFolder({
    ...files,
    'config/app.js': `
      import { DatabaseServiceProvider } from 'limber/database'
      import { HttpServiceProvider } from 'limber/http'
      export default { name: 'pids', providers: [DatabaseServiceProvider, HttpServiceProvider] }`,
    'config/database.js': `
      export default { default: 'main', connections: { main: 'sqlite::memory:' } }`,
  })
  const { code, stdout, stderr } = await runLimber(['serve', '--workers', '2'], { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('[LIMBER_PROCESS_MEMORY]: 2 workers cannot serve this application')
  expect(stderr).toContain('the database in memory of "main"')
  expect(stderr).toContain('Give it a file or a server in config/database.ts.')
})

test('a number of workers that makes no sense is refused', async () => {
  const { code, stderr } = await runLimber(['serve', '--workers', '0'], { cwd: appFolder(files) })
  expect(code).toBe(2)
  expect(stderr).toContain('is "0", but has to be auto, or a whole number from 1 to 1024.')
})
