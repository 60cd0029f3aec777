/** @module A booted application for one test: its database in memory, its requests without a socket, its commands heard. */
import { Application } from '../application/application.ts'
import type { Scope, ScopeOptions } from '../application/scope.ts'
import { builtInCommands } from '../built-in-commands.ts'
import { ConsoleKernel } from '../console/console-kernel.ts'
import { Output } from '../console/output.ts'
import type { ServiceName, Services } from '../container/services.ts'
import type { Swap } from '../container/swap.ts'
import type { HttpKernel } from '../http/http-kernel.ts'
import { CapturedStream } from './captured-stream.ts'

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export class TestApplication implements AsyncDisposable {
  readonly app: Application

  constructor(app: Application) {
    this.app = app
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
    await this.app.stop({ deadline: 1_000 })
  }
}
