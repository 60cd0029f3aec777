/**
 * @module Loaded into a process with `--import`: ends it, as a failure of the machine would, at one of its statements.
 *
 * LIMBER_TEST_STATEMENTS names a file that gets a line for each statement; LIMBER_TEST_KILL is `7:before` or `7:during`,
 * and counts from 1.
 */
import { appendFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const { LIMBER_TEST_STATEMENTS: log, LIMBER_TEST_KILL: kill = '' } = process.env
const [place, moment] = kill.split(':')
const require = createRequire(import.meta.url)

/** Anything with methods, of packages without types. */
type Prototype = Record<string, (this: unknown, ...args: unknown[]) => unknown>

if (isMainThread) await watch()
else {
  Atomics.wait(workerData, 0, 0)
  process.kill(process.pid, 'SIGKILL')
}

async function watch(): Promise<void> {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  if (moment === 'during') await startKiller(flag)
  // The packages have no types that say what a prototype is.
  const sqlite = require('better-sqlite3') as { prototype: Prototype }
  const { Client } = require('pg') as { Client: { prototype: Prototype } }
  around(sqlite.prototype, 'exec', duringSqlite)
  around(sqlite.prototype, 'pragma', duringSqlite)
  const prepare = sqlite.prototype.prepare
  sqlite.prototype.prepare = function (...args) {
    const statement = prepare?.apply(this, args) as Prototype
    for (const verb of ['run', 'all', 'get', 'iterate'])
      around(statement, verb, duringSqlite, String(args[0]))
    return statement
  }
  around(Client.prototype, 'query', (send) => {
    const answer = send()
    setImmediate(die)
    return answer
  })

  /** The statement keeps this thread busy: another one has to end the process. */
  function duringSqlite(execute: () => unknown): void {
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
    execute()
    // It was faster than its end: nothing may come after it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
}

let count = 0

function around(
  target: Prototype,
  method: string,
  during: (execute: () => unknown) => unknown,
  sql?: string,
): void {
  const original = target[method]
  if (!original) throw new Error(`There is no ${method} any more.`)
  target[method] = function (...args) {
    const execute = () => original.apply(this, args)
    count++
    if (log) appendFileSync(log, `${(sql ?? textOf(args[0])).replaceAll(/\s+/g, ' ')}\n`)
    if (String(count) !== place) return execute()
    return moment === 'before' ? die() : during(execute)
  }
}

function textOf(query: unknown): string {
  const text = typeof query === 'object' && query !== null ? Reflect.get(query, 'text') : query
  return String(text ?? 'a cursor')
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

async function startKiller(flag: Int32Array): Promise<void> {
  const killer = new Worker(new URL(import.meta.url), { workerData: flag, execArgv: [] })
  await new Promise((resolve) => killer.once('online', resolve))
  killer.unref()
}
