/** @module Runs the limber binary as a process of its own, the way a person does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))
export const shop = fileURLToPath(new URL('../console/fixtures/shop', import.meta.url))
export const binary = fileURLToPath(new URL('../../bin/limber.js', import.meta.url))

export interface RunOptions {
  readonly cwd?: string
  readonly node?: string
  readonly nodeOptions?: readonly string[]
  readonly bin?: string
  readonly env?: NodeJS.ProcessEnv
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export class RunningLimber {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  #stdout = ''
  #stderr = ''

  constructor(
    argv: readonly string[],
    { cwd = shop, node, nodeOptions = [], bin = binary, env }: RunOptions,
  ) {
    // Vitest sets variables of its own, which are not part of the caller's world.
    const { NODE_ENV: _env, NODE_OPTIONS: _options, FORCE_COLOR: _color, ...inherited } = process.env
    const child = spawn(node ?? process.execPath, [...nodeOptions, bin, ...argv], {
      cwd,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.ended = once(child, 'close').then(([code, signal]) => ({
      code,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }))
  }

  /** Waits until the process has written this text to its standard output, and gives all that it has written. */
  async wrote(text: string): Promise<string> {
    while (!this.#stdout.includes(text)) {
      const ended = await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.ended])
      if (!Array.isArray(ended) && !this.#stdout.includes(text)) {
        throw new Error(`limber ended without writing "${text}":\n${ended.stdout}${ended.stderr}`)
      }
    }
    return this.#stdout
  }
}

export function startLimber(argv: readonly string[], options: RunOptions = {}): RunningLimber {
  return new RunningLimber(argv, options)
}

export function runLimber(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new RunningLimber(argv, options).ended
}
