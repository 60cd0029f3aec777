/** @module Opens a scope for each message of a connection: an event that is sent, or what a client says on a WebSocket. */
import type { Application } from '../../application/application.ts'
import type { Log } from '../../application/log.ts'
import type { ScopeOptions } from '../../application/scope.ts'
import { enterScope } from '../../container/resolution-frame.ts'
import { logError } from '../requests/log-error.ts'
import { openUnit } from '../requests/open-unit.ts'
import type { OpenThings, OpenWork } from '../server/in-flight.ts'

/** What names a message, in the log and among what a stop had to cut. */
export interface MessageFacts {
  readonly requestId: string
  /** The kind of connection and the path: `WS /chat`, `SSE /clock`. */
  readonly route: string
}

/** A message of an open connection. */
export interface MessageOptions extends ScopeOptions {
  /** The path of the route. */
  readonly label: string
}

export class MessageScopes {
  readonly #app: Application
  readonly #open: OpenThings
  readonly #module: string | undefined
  /** Kept, since a message may outlive the container. */
  readonly #log: Log

  /** @param module on whose behalf they are answered */
  constructor(app: Application, open: OpenThings, module?: string) {
    this.#app = app
    this.#open = open
    this.#module = module
    this.#log = app.make('log')
  }

  /** Aborted when the server begins to stop, or the module goes. */
  get stopping(): AbortSignal {
    return this.#open.draining
  }

  /**
   * Runs the work of one message, and writes what it gives as it will be sent: flush, serialise, commit, as for requests.
   * The text is known when everything is committed.
   */
  async run<T, Text>(
    options: MessageOptions,
    facts: MessageFacts,
    work: () => Promise<T>,
    write: (result: T) => Text | Promise<Text>,
  ): Promise<Text> {
    const { requestId } = facts
    const scoped = { ...options, module: this.#module, facts: () => ({ requestId }) }
    const unit = openUnit(this.#app, this.#open, scoped, () => ({
      kind: 'scope',
      method: 'GET',
      route: options.label,
      requestId,
    }))
    const { scope } = unit
    const report = (error: unknown) => this.report(error, { ...facts, scope: scope.id })
    let text: Text
    try {
      const result = await enterScope(scope, work)
      await unit.flush()
      text = await enterScope(scope, () => write(result))
      await unit.commit()
    } catch (error) {
      await unit.abandon(error).catch(report)
      throw error
    }
    // It is committed: all that is left is to say what fails now.
    await unit.close().catch(report)
    return text
  }

  /** Makes a stop wait for a connection, which is cut at the deadline. */
  hold(connection: object, work: Omit<OpenWork, 'method'>, cut: () => unknown): void {
    this.#open.enter(connection, cut, () => ({ ...work, method: 'GET' }))
  }

  release(connection: object): void {
    this.#open.leave(connection)
  }

  report(error: unknown, facts: object): void {
    logError(this.#log, error, facts)
  }
}
