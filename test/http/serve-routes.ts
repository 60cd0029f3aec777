/** @module Applications with HTTP, as these tests need them: built, booted and stopped with the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import {
  Application,
  type Scope,
  type ScopeParticipant,
  ServiceProvider,
  type ServiceProviderClass,
} from 'limber'
import { type HttpConfig, type HttpKernel, HttpServiceProvider, type Router } from 'limber/http'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'

export interface Served {
  readonly app: Application
  readonly http: HttpKernel
  /** What has been logged at level error. */
  readonly errors: LogLine[]
}

export interface LogLine {
  readonly msg: string
  readonly route?: string
  readonly scope?: string
  readonly requestId?: string
  readonly err?: { readonly message: string; readonly code?: string; readonly faults?: readonly unknown[] }
}

export interface ServeOptions {
  readonly http?: HttpConfig
  readonly root?: string
  readonly config?: Record<string, unknown>
  readonly register?: (app: Application) => void
  readonly providers?: readonly ServiceProviderClass[]
  readonly boot?: (app: Application) => void
}

/** An application with these routes, booted but not listening. */
export async function withRoutes(add: (router: Router) => void, options: ServeOptions = {}): Promise<Served> {
  const errors: LogLine[] = []
  class TestServiceProvider extends ServiceProvider {
    override register() {
      this.app.instance('log', pino({ level: 'error' }, intoLines(errors)))
      options.register?.(this.app)
    }
    override boot() {
      add(this.app.make('router'))
      options.boot?.(this.app)
    }
  }
  const app = new Application({
    root: options.root ?? emptyFolder(),
    config: { http: { port: 0, ...options.http }, ...options.config },
    providers: [...(options.providers ?? []), HttpServiceProvider, TestServiceProvider].map(
      (Provider) => (app: Application) => new Provider(app),
    ),
  })
  await app.boot()
  onTestFinished(() => app.stop({ deadline: 0 }))
  return { app, http: app.make('http'), errors }
}

/** The same, listening on a port that the system chose. */
export async function serving(add: (router: Router) => void, options: ServeOptions = {}) {
  const served = await withRoutes(add, options)
  await served.app.run(served.http)
  return { ...served, url: String(served.http.address) }
}

export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-http-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Takes part in the end of scopes and writes down what it is asked to do. */
export class Recorder implements ScopeParticipant {
  readonly name = 'recorder'
  readonly calls: string[] = []
  failing: 'flush' | 'commit' | undefined
  failure: Error = new Error('the disk is full')
  readonly closed = Promise.withResolvers<void>()

  join(scope: Scope | undefined): void {
    scope?.enlist(this)
    scope?.wrote(this)
  }

  async flush() {
    this.#note('flush')
  }

  async commit() {
    this.#note('commit')
  }

  async rollback() {
    this.#note('rollback')
  }

  async close() {
    this.#note('close')
    this.closed.resolve()
  }

  #note(call: string): void {
    this.calls.push(call)
    if (this.failing === call) throw this.failure
  }
}

function intoLines(lines: LogLine[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
}
