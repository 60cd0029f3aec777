/** @module Says what a run of migrations does while it does it. */
import path from 'node:path'
import type { Output } from '../../console/output.ts'
import { allowRepeatedQueries } from '../insight/repeated-queries.ts'
import type { RunOptions } from '../migrations/run/run-options.ts'

interface Words {
  /** The folder that paths are told from. */
  readonly root: string
  /** What is going on with a migration, and what was done to it. */
  readonly doing: string
  readonly done: string
  readonly planned: string
  readonly nothing: string
}

interface Options {
  readonly to?: string | undefined
  readonly step?: number | undefined
  readonly resume?: boolean
  readonly wait: number | undefined
  readonly noLock: boolean
  readonly noBackup: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

/** So often, at most, a person is told that it still goes on. */
const PATIENCE_MS = 2_000

export async function reportRun(
  output: Output,
  words: Words,
  { to, step, resume, wait, noLock, noBackup, dryRun, json }: Options,
  run: (options: RunOptions) => Promise<string[]>,
): Promise<void> {
  const said: { backup?: string; warnings: string[] } = { warnings: [] }
  const elapsed = new Elapsed(output, words.doing)
  // Batches ask the same again until there is nothing left.
  allowRepeatedQueries()
  try {
    const names = await run({
      to,
      step,
      resume,
      wait: wait === undefined ? undefined : wait * 1_000,
      lock: !noLock,
      backup: !noBackup,
      dryRun,
      onWait: (holder) => output.error(`Waiting: ${holder ?? 'another process'} migrates the database.`),
      onBackup(file) {
        said.backup = path.relative(words.root, file)
        if (!json) output.line(`Copied the database to ${said.backup}`)
      },
      onWarning(warning) {
        said.warnings.push(warning)
        output.error(`Warning: ${warning}`)
      },
      onStart: (name) => elapsed.start(name),
      onBatch: (_name, loop, rows) => elapsed.tell(`, ${rows} rows of ${loop}`),
      onDone(name, milliseconds) {
        elapsed.stop()
        if (!json) output.line(`${words.done} ${name} (${Math.round(milliseconds)} ms)`)
      },
    })
    if (json) return output.json({ migrations: names, dryRun, ...said })
    if (names.length === 0) return output.line(words.nothing)
    if (dryRun) for (const name of names) output.line(`${words.planned} ${name}`)
  } finally {
    elapsed.stop()
  }
}

/** Tells on standard error how long a migration takes, once it takes long. */
class Elapsed {
  readonly #output: Output
  readonly #word: string
  #timer: NodeJS.Timeout | undefined
  #name = ''
  #detail = ''
  #start = 0
  #said = 0

  constructor(output: Output, word: string) {
    this.#output = output
    this.#word = word
  }

  start(name: string): void {
    this.stop()
    this.#name = name
    this.#detail = ''
    this.#start = performance.now()
    this.#said = this.#start
    this.#timer = setInterval(() => this.#say(), PATIENCE_MS)
    const { stderr } = this.#output
    // A statement of SQLite stops the clock of this process: nothing could be said before its end.
    if ('isTTY' in stderr && stderr.isTTY) stderr.write(`${this.#word} ${name} …\n`)
  }

  tell(detail: string): void {
    this.#detail = detail
    if (performance.now() - this.#said >= PATIENCE_MS) this.#say()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #say(): void {
    this.#said = performance.now()
    const seconds = Math.round((this.#said - this.#start) / 1_000)
    this.#output.stderr.write(`${this.#word} ${this.#name} for ${seconds} s${this.#detail}\n`)
  }
}
