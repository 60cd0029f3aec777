/** @module Measures what is left of modules that came and went. */
import { readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { Application } from 'limber'
import type {} from 'limber/database'

interface SeenClass {
  readonly name: string
  /** The last round in which it is part of a module. */
  readonly until: number
  readonly type: WeakRef<object>
}

export interface Left {
  readonly round: number
  readonly heap: number
  /** Without sockets, which are among the open files, and timers of a pool. */
  readonly resources: readonly string[]
  /** Those of the process, without those of its connections. */
  readonly openFiles: number
  readonly connections: number
  /** What the modules have written. */
  readonly storedFiles: number
  /** Classes of rounds before the last one that were not collected. */
  readonly old: readonly string[]
}

/** How many connections the database of a test has. */
const COUNTS: Readonly<Record<string, string>> = {
  postgres: `select count(*) as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend'`,
  mysql: `select count(*) as count from information_schema.processlist
    where db like concat(substring_index(database(), '_module', 1), '%')`,
}

export class WhatIsLeft {
  readonly #root: string
  #seen: SeenClass[] = []

  constructor(root: string) {
    this.#root = root
  }

  see(values: readonly unknown[], until: number): void {
    for (const value of values) {
      if (typeof value === 'function') this.#seen.push({ name: value.name, until, type: new WeakRef(value) })
    }
  }

  async measure(app: Application, round: number): Promise<Left> {
    const connections = await countConnections(app)
    // What is closed in one round of the event loop is let go in the next ones.
    for (let turn = 0; turn < 5; turn += 1) {
      await setImmediate()
      globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    }
    this.#seen = this.#seen.filter(({ type }) => type.deref() !== undefined)
    return {
      round,
      heap: process.memoryUsage().heapUsed,
      resources: process
        .getActiveResourcesInfo()
        .filter((name) => !/TCPSocket|Timeout/.test(name))
        .sort(),
      openFiles: readdirSync('/proc/self/fd').length - connections,
      connections,
      storedFiles: readdirSync(`${this.#root}/storage`, { recursive: true }).length,
      old: this.#seen.filter(({ until }) => until < round - 1).map(({ name, until }) => `${name} ${until}`),
    }
  }
}

async function countConnections(app: Application): Promise<number> {
  const count = COUNTS[process.env.DIALECT ?? '']
  if (!count) return 0
  const counting = async () => {
    const [row] = await app.make('db.session.clock').execute(count)
    return Number(Object(row).count)
  }
  return app.scope(counting, { module: 'clock' })
}
