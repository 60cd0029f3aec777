/** @module A booted application for one test: its database in memory, its requests without a socket, its commands heard. */
import { Application } from '../application/application.ts'
import type { Scope, ScopeOptions } from '../application/scope.ts'
import { builtInCommands } from '../built-in-commands.ts'
import { ConsoleKernel } from '../console/console-kernel.ts'
import { Output } from '../console/output.ts'
import type { ServiceName, Services } from '../container/services.ts'
import type { Swap } from '../container/swap.ts'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import type { HttpKernel } from '../http/http-kernel.ts'
import { CapturedStream } from './captured-stream.ts'
import { Rollback } from './rollback.ts'

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export class TestApplication implements AsyncDisposable {
  readonly app: Application
  readonly #rollbacks: Rollback[] = []

  constructor(app: Application) {
    this.app = app
  }

  /**
   * Begins to undo: what scopes, commands and requests of `inject` write from now on is gone when the result is disposed.
   * So one application, with its schema and its seed, serves many tests.
   *
   * Units of work that write at the same time share one transaction meanwhile, and take turns.
   *
   * @example
   * ```ts
   * import { createTestApplication } from 'limber/testing'
   *
   * await using test = await createTestApplication({ seed: 'database' })
   * {
   *   await using _ = await test.rollback()
   *   await test.inject({ method: 'DELETE', url: '/books/1' })
   * }
   * const reply = await test.inject({ method: 'GET', url: '/books/1' }) // 200
   * ```
   */
  async rollback(): Promise<Rollback> {
    const rollback = await Rollback.begin(this.app)
    this.#rollbacks.push(rollback)
    return rollback
  }

  /** Sends a request through the whole HTTP kernel, without a socket. */
  inject(request: Parameters<HttpKernel['inject']>[0]): ReturnType<HttpKernel['inject']> {
    return this.app.make('http').inject(request)
  }

  /**
   * Runs a command as the `limber` binary would.
   *
   * @param argv the words behind `limber`: `run('db', 'status', '--json')`
   */
  async run(...argv: string[]): Promise<CommandResult> {
    const stdout = new CapturedStream()
    const stderr = new CapturedStream()
    const kernel = new ConsoleKernel(this.app, builtInCommands, new Output(stdout, stderr))
    const exitCode = await kernel.run(argv)
    return { exitCode, stdout: stdout.text, stderr: stderr.text }
  }

  /** Runs a function as one unit of work, committed at its end. */
  scope<T>(fn: (scope: Scope) => T | Promise<T>, options?: ScopeOptions): Promise<T> {
    return this.app.scope(fn, { kind: 'test', ...options })
  }

  make<K extends ServiceName>(key: K): Services[K] {
    return this.app.make(key)
  }

  /** Hands out another service under a key until the swap is restored. */
  swap<K extends ServiceName>(key: K, value: Services[K]): Swap {
    return this.app.swap<K>(key, value as never)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const rollbacks = this.#rollbacks.map((rollback) => () => rollback[Symbol.asyncDispose]())
    const stop = () => this.app.stop({ deadline: 1_000 })
    throwAll(await attemptAll([...rollbacks, stop]), 'A test application did not end.')
  }
}
