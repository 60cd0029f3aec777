/** @module The way of one update: to its handler, through its unit of work, to the replies. */
import type { Log } from '../../application/log.ts'
import type { FloodGate } from '../access/flood.ts'
import { BotStoppingError } from '../errors.ts'
import type { HandlerTable } from '../handlers/handler-table.ts'
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import { readCommand } from '../incoming/read-command.ts'
import type { ReadUpdate } from '../updates/read-update.ts'
import { idsOf } from '../updates/who.ts'
import { type DeliveryTools, type HeldCalls, sendOnce } from './deliver.ts'
import type { Deliveries } from './deliveries.ts'
import { answerTo, textFor } from './failure-answer.ts'
import { isUnavailable, isUpdateHandled } from './failure-kinds.ts'
import type { IncomingMaker } from './incoming-maker.ts'
import type { HandlerRunner } from './run-handler.ts'
import { tellFailure } from './tell-failure.ts'
import type { UpdateJob } from './update-job.ts'
import type { UpdateOwner } from './update-owner.ts'
import type { UpdateOwners } from './update-owners.ts'
import type { Attempt } from './updates-once.ts'

export interface WorkerTools {
  readonly bot: number
  /** Without `@`. */
  readonly username: string
  readonly log: Log
  readonly table: HandlerTable
  readonly owners: UpdateOwners
  readonly flood: FloodGate
  readonly incomings: IncomingMaker
  readonly handlers: HandlerRunner
  readonly delivery: DeliveryTools
  readonly deliveries: Deliveries
}

export class UpdateWorker {
  readonly #tools: WorkerTools

  constructor(tools: WorkerTools) {
    this.#tools = tools
  }

  /**
   * Handles an update, and begins to send what it brings about.
   *
   * @throws an error of the kind `unavailable`: then nothing is recorded, and the update has to come again
   */
  async work(read: ReadUpdate, attempt: Attempt): Promise<void> {
    const application = this.#ownerOf(undefined)
    return application.underway.track(this.#pass(read, application, attempt))
  }

  async #pass(read: ReadUpdate, application: UpdateOwner, { isFirst, isLast }: Attempt): Promise<void> {
    const { flood, incomings } = this.#tools
    // What comes again is nothing that its user does.
    const gate = isFirst ? await flood.pass(incomings.make(read, application).incoming) : 'pass'
    if (gate === 'answer') await this.#answerFlood(read, application)
    if (gate !== 'pass') return
    const job = await this.#jobOf(read, application)
    if (!job || (await this.#isHandled(job))) return
    await job.owner.underway.track(this.#handle(job, isLast))
  }

  /** Gives undefined where nobody takes it. */
  async #jobOf(read: ReadUpdate, application: UpdateOwner): Promise<UpdateJob | undefined> {
    const handler = await this.#match(read, application)
    if (!handler) return undefined
    const key = { bot: this.#tools.bot, update: read.update.update_id }
    return { read, key, handler, owner: this.#ownerOf(handler.module), label: this.#labelOf(read, handler) }
  }

  /** A filter that fails takes nothing, and would fail the next time as well; other handlers are asked all the same. */
  async #match(read: ReadUpdate, application: UpdateOwner): Promise<RegisteredHandler | undefined> {
    const { incomings, log, table } = this.#tools
    const { incoming } = incomings.make(read, application)
    const stateName = (module: string | undefined) => incomings.stateOf(read, this.#ownerOf(module)).name()
    return table.match(incoming, stateName, (error, { name, module }) => {
      if (isUnavailable(error)) throw error
      tellFailure(log, error, { update: read.update.update_id, kind: read.kind, handler: name, module })
    })
  }

  /** By anybody: the state that led it to the handler of a module may be over when it comes again. */
  async #isHandled({ owner, key }: UpdateJob): Promise<boolean> {
    if (await owner.store.isHandled(key)) return true
    for (const store of this.#tools.owners.byStore().keys()) {
      // The database of one module is no reason for the others to wait.
      if (store !== owner.store && (await store.isHandled(key).catch(() => false))) return true
    }
    return false
  }

  async #handle(job: UpdateJob, isLast: boolean): Promise<void> {
    const waiting = await this.#runOnce(job, isLast)
    if (waiting) await this.#tools.deliveries.add(job.owner, waiting)
  }

  /** Gives undefined when somebody else was first. */
  async #runOnce(job: UpdateJob, isLast: boolean): Promise<HeldCalls | undefined> {
    try {
      return await this.#runOrAnswer(job, isLast)
    } catch (error) {
      if (!isUpdateHandled(error)) throw error
      this.#tools.log.debug(factsOf(job), 'bot: an update was handled by another process')
      return undefined
    }
  }

  /** Where the handler fails, that is recorded in its place, with what the user is told. */
  async #runOrAnswer(job: UpdateJob, isLast: boolean): Promise<HeldCalls> {
    const { handlers, incomings, log } = this.#tools
    try {
      return await handlers.run(job)
    } catch (error) {
      if (isUpdateHandled(error) || (isUnavailable(error) && !isLast)) throw error
      tellFailure(log, error, factsOf(job))
      const text = textFor(error, incomings.wordingOf(job.read, job.owner))
      return await handlers.fail(job, answerTo(job.read, text))
    }
  }

  async #answerFlood(read: ReadUpdate, application: UpdateOwner): Promise<void> {
    const { delivery, incomings, log } = this.#tools
    log.warn(idsOf(read.update), 'bot: a user sends too much, and is not answered for a while')
    const answer = answerTo(read, incomings.wordingOf(read, application).text('bot.flood'))
    if (answer) await sendOnce(delivery, application, answer)
  }

  /** @throws {BotStoppingError} when the module is just going */
  #ownerOf(module: string | undefined): UpdateOwner {
    const owner = this.#tools.owners.find(module)
    if (!owner) throw new BotStoppingError()
    return owner
  }

  #labelOf({ update, kind }: ReadUpdate, { name }: RegisteredHandler): string {
    const command = readCommand(update.message?.text ?? update.message?.caption ?? '', this.#tools.username)
    return `${kind} ${command ? `/${command.name}` : name}`
  }
}

function factsOf({ key, label, handler, read }: UpdateJob) {
  return { update: key.update, label, handler: handler.name, module: handler.module, ...idsOf(read.update) }
}
