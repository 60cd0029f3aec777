/** @module Runs the handler of an update as one unit of work, with the record that it is handled. */
import type { Application } from '../../application/application.ts'
import type { Clock } from '../../application/ports/clock.ts'
import type { StoredCall } from '../../application/ports/update-store.ts'
import type { ScopeOptions } from '../../application/scope.ts'
import { unguarded } from '../../container/resolution-frame.ts'
import type { Admission } from '../access/admission.ts'
import { answerUnanswered } from '../incoming/answer-unanswered.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { BotMiddlewareClass } from '../load-middleware.ts'
import { runMiddleware } from '../middleware.ts'
import { idsOf } from '../updates/who.ts'
import { type HeldCalls, HOLD } from './deliver.ts'
import { isConflict } from './failure-kinds.ts'
import type { IncomingMaker } from './incoming-maker.ts'
import { runUnit } from './run-unit.ts'
import type { UpdateJob } from './update-job.ts'

/** How often a unit of work is begun that others get in the way of. */
const TRIES = 4

export interface HandlerTools {
  readonly app: Application
  readonly clock: Clock
  readonly incomings: IncomingMaker
  readonly admission: Admission
  /** The first one is outermost. */
  readonly middleware: readonly BotMiddlewareClass[]
}

export class HandlerRunner {
  readonly #tools: HandlerTools

  constructor(tools: HandlerTools) {
    this.#tools = tools
  }

  /**
   * Gives the calls that wait, once everything is committed.
   *
   * @throws what the handler throws @throws {UpdateHandledError}
   */
  async run(job: UpdateJob): Promise<HeldCalls> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#unit(job, () => this.#handle(job))
      } catch (error) {
        if (attempt === TRIES || !isConflict(error)) throw error
      }
    }
  }

  /** Records that an update is handled though its handler has failed, with what the user is told. */
  fail(job: UpdateJob, answer: StoredCall | undefined): Promise<HeldCalls> {
    return this.#unit(job, async () => (answer ? [answer] : []))
  }

  async #unit(job: UpdateJob, work: () => Promise<readonly StoredCall[]>): Promise<HeldCalls> {
    const { owner, key } = job
    return runUnit(this.#tools.app, optionsOf(job), owner.underway.cut, async () => {
      const calls = await work()
      const handledAt = this.#tools.clock.now()
      const heldUntil = handledAt + HOLD
      // The last thing of all: so it is committed with the effects, or not at all.
      await unguarded(() => owner.store.record(key, calls, handledAt, heldUntil))
      return { ...key, calls, made: 0, handledAt, heldUntil }
    })
  }

  async #handle({ read, owner, handler }: UpdateJob): Promise<readonly StoredCall[]> {
    const { admission, incomings } = this.#tools
    const { incoming, replies } = incomings.make(read, owner)
    await this.#around(incoming, async () => {
      await unguarded(() => admission.admit(handler, incoming))
      await handler.run(incoming)
    })
    answerUnanswered(read.update, replies)
    return replies.close()
  }

  #around(incoming: IncomingUpdate, handle: () => Promise<void>): Promise<void> {
    const { app, middleware } = this.#tools
    // They are the application's, also around the handler of a module.
    const stack = unguarded(() => middleware.map((type) => app.make(type)))
    return runMiddleware(stack, incoming, handle)
  }
}

function optionsOf({ read, label, owner }: UpdateJob): ScopeOptions {
  const { update } = read
  const facts = () => ({ update: update.update_id, ...idsOf(update) })
  return { kind: 'update', label, module: owner.module, facts }
}
