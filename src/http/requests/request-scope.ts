/** @module The unit of work of one request. It ends exactly once, whoever comes first: reply, error, client or stop. */
import type { Scope } from '../../application/scope.ts'

export class RequestScope {
  readonly scope: Scope
  /** Whether the handler has it, and so will end it; until then a reply or a lost client does. */
  isHandled = false
  readonly #onEnd: () => void
  #committing: Promise<void> | undefined
  #isCommitted = false
  #ending: Promise<void> | undefined
  #reason: unknown

  constructor(scope: Scope, onEnd: () => void) {
    this.scope = scope
    this.#onEnd = onEnd
  }

  get hasEnded(): boolean {
    return this.#ending !== undefined
  }

  async flush(): Promise<void> {
    this.#refuseEnded()
    await this.scope.flush()
  }

  async commit(): Promise<void> {
    this.#refuseEnded()
    this.#committing = this.scope.commit().then(() => {
      this.#isCommitted = true
    })
    await this.#committing
  }

  /** Ends it without keeping what was written, unless that is committed already. */
  abandon(reason?: unknown): Promise<void> {
    if (!this.hasEnded) this.#reason = reason
    return this.#end(async () => {
      // Whoever commits learns of a failure there; here it only matters which way it went.
      await this.#committing?.catch(() => undefined)
      if (this.#isCommitted) await this.scope.close()
      else await this.scope.abandon(reason)
    })
  }

  /** Ends it after the reply. */
  close(): Promise<void> {
    return this.#end(() => this.scope.close())
  }

  #end(end: () => Promise<void>): Promise<void> {
    // A failure belongs to the one who began the end; the next one only waits.
    if (this.#ending) return this.#ending.catch(() => undefined)
    this.#ending = end().finally(() => {
      this.scope.letGo()
      this.#onEnd()
    })
    return this.#ending
  }

  /** A handler may still run when a stop has taken its unit of work away: it must not commit then. */
  #refuseEnded(): void {
    if (this.#ending) throw this.#reason
  }
}
