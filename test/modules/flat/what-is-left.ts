/** @module Measures what is left of modules that came and went. */
import { readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { countOpenFiles } from './open-files.ts'

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
  /** Classes of earlier rounds that were not collected. */
  readonly old: readonly string[]
}

export class WhatIsLeft {
  readonly #root: string
  readonly #port: number | undefined
  #seen: SeenClass[] = []

  /** @param database the one that the modules share, or nothing that a connection leads to */
  constructor(root: string, database: string) {
    this.#root = root
    this.#port = URL.canParse(database) ? Number(new URL(database).port) : undefined
  }

  see(values: readonly unknown[], until: number): void {
    for (const value of values) {
      if (typeof value === 'function') this.#seen.push({ name: value.name, until, type: new WeakRef(value) })
    }
  }

  async measure(round: number): Promise<Left> {
    // What is closed in one round of the event loop is let go in the next ones.
    for (let turn = 0; turn < 5; turn += 1) {
      await setImmediate()
      globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    }
    this.#seen = this.#seen.filter(({ type }) => type.deref() !== undefined)
    const { openFiles, connections } = await countOpenFiles(this.#port)
    return {
      round,
      heap: process.memoryUsage().heapUsed,
      resources: process
        .getActiveResourcesInfo()
        .filter((name) => !/TCPSocket|Timeout/.test(name))
        .sort(),
      openFiles,
      connections,
      storedFiles: readdirSync(`${this.#root}/storage`, { recursive: true }).length,
      old: this.#seen.filter(({ until }) => until < round).map(({ name, until }) => `${name} ${until}`),
    }
  }
}
