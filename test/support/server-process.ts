/** @module The process of a server that belongs to one test file: it is started, stopped, killed, and started again. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { test } from 'vitest'

export interface Program {
  readonly command: string
  readonly argv: readonly string[]
  /** What it logs when it answers. */
  readonly ready: string
  /** Ends it in order, without waiting for its clients. */
  readonly stopSignal: NodeJS.Signals
  /** Whom it runs as, where that must not be who runs the tests. */
  readonly identity?: Identity
}

export interface Identity {
  readonly uid: number
  readonly gid: number
}

const DEADLINE = 30_000

export class ServerProcess {
  readonly #program: Program
  #child: ChildProcess | undefined

  constructor(program: Program) {
    this.#program = program
    process.once('exit', () => this.#signal('SIGKILL'))
  }

  /** Starts it unless it runs. */
  async start(): Promise<void> {
    if (this.#running) return
    const deadline = performance.now() + DEADLINE
    for (;;) {
      const failure = await this.#attempt()
      if (failure === undefined) return
      // After a kill the system may not have taken everything back from its children yet.
      if (!/shared memory|lock/.test(failure) || performance.now() > deadline)
        throw new Error(`${this.#program.command} does not start:\n${failure}`)
    }
  }

  async stop(): Promise<void> {
    await this.#end(() => this.#signal(this.#program.stopSignal))
  }

  /** Ends it as a failure of the machine would, together with the processes that it has made. */
  async kill(): Promise<void> {
    await this.#end(() => {
      const children = childrenOf(this.#child?.pid)
      this.#signal('SIGKILL')
      for (const pid of children) killIfThere(pid)
    })
  }

  /** Gives what it has logged when it ends instead of becoming ready. */
  async #attempt(): Promise<string | undefined> {
    const { command, argv, ready, identity } = this.#program
    const child = spawn(command, argv, { stdio: ['ignore', 'ignore', 'pipe'], ...identity })
    this.#child = child
    let log = ''
    const isReady = new Promise<undefined>((resolve) => {
      let isThere = false
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        // What it says later is read and forgotten: it may be much.
        if (isThere) return
        log += text
        isThere = log.includes(ready)
        if (isThere) resolve(undefined)
      })
    })
    return Promise.race([isReady, once(child, 'close').then(() => log)])
  }

  async #end(signal: () => void): Promise<void> {
    const child = this.#running
    if (!child) return
    const ended = once(child, 'exit')
    signal()
    await ended
  }

  get #running(): ChildProcess | undefined {
    const child = this.#child
    return child && child.exitCode === null && child.signalCode === null ? child : undefined
  }

  #signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && Reflect.get(error, 'code') === 'ESRCH')) throw error
  }
}

/** Where the system does not tell, there are none: they end by themselves a moment later. */
function childrenOf(parent: number | undefined): number[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    const [, pid, ppid] = /^(\d+) \(.*\) \S (\d+)/s.exec(readIfThere(file)) ?? []
    return Number(ppid) === parent ? [Number(pid)] : []
  })
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // The process has ended meanwhile.
    return ''
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

const FOLDERS = ['/usr/lib/postgresql/*/bin', '/usr/sbin', '/usr/local/*bin', '/opt/homebrew/*bin']

/** The path of a program, from PATH or from where packages put servers. */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    // The newest version first.
    ...FOLDERS.flatMap((folder) =>
      globSync(folder).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
    ),
  ]
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file))
}

/** Whether programs are installed. Without them, one line says which, or fails where the servers are required. */
export function areInstalled(...names: readonly string[]): boolean {
  const missing = names.filter((name) => findProgram(name) === undefined)
  if (missing.length === 0) return true
  const what = missing.join(' and ')
  if (process.env.LIMBER_TEST_SERVICES === 'required') {
    test(`${what} can be started`, () => {
      throw new Error(`${what} is not installed, and LIMBER_TEST_SERVICES says that it is required.`)
    })
  } else {
    const reason = `skipped: ${what} is not installed`
    // The default reporter does not name what it skips.
    console.warn(reason)
    test.skip(reason, () => undefined)
  }
  return false
}

/** Runs a program that has to succeed. */
export async function runProgram(
  name: string,
  argv: readonly string[],
  identity?: Identity,
): Promise<string> {
  const { stdout } = await promisify(execFile)(findProgram(name) ?? name, argv, { ...identity })
  return stdout
}
