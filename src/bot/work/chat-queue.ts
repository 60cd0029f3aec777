/** @module Work by chat: that of one chat one after the other, that of several at the same time, up to a number. */
import { BotStoppingError } from '../errors.ts'

/** What work has come to: the next work of its chat waits for the rest, while the place that it took is free again. */
export interface Done {
  readonly rest?: Promise<unknown> | undefined
}

interface Job {
  readonly chat: string
  readonly begin: () => Promise<Done>
  readonly refuse: (error: Error) => void
}

export class ChatQueue {
  /** By chat: what waits for what is going on there. A chat that is listed is busy. */
  readonly #busy = new Map<string, Job[]>()
  /** Whose turn it is in their chat, and who wait for a place. */
  readonly #ready: Job[] = []
  #places: number
  #isClosed = false

  /** @param places how many chats are worked for at once */
  constructor(places: number) {
    this.#places = places
  }

  /**
   * Runs work when everything before it in its chat has ended, with its rest.
   *
   * @throws {BotStoppingError} when the queue was closed before the work began
   */
  run(chat: string, work: () => Promise<Done>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const begin = async () => {
      try {
        const done = await work()
        resolve()
        return done
      } catch (error) {
        reject(error)
        return {}
      }
    }
    this.#add({ chat, begin, refuse: reject })
    return promise
  }

  /** Whether something is going on or waits in a chat. */
  isBusy(chat: string): boolean {
    return this.#busy.has(chat)
  }

  /** Begins nothing any more: what waits is refused, what is going on ends as it would. */
  close(): void {
    this.#isClosed = true
    const behind = [...this.#busy.values()].flatMap((jobs) => jobs.splice(0))
    for (const { refuse } of [...this.#ready.splice(0), ...behind]) refuse(new BotStoppingError())
  }

  #add(job: Job): void {
    if (this.#isClosed) {
      job.refuse(new BotStoppingError())
      return
    }
    const behind = this.#busy.get(job.chat)
    if (behind) {
      behind.push(job)
      return
    }
    this.#busy.set(job.chat, [])
    this.#ready.push(job)
    this.#beginReady()
  }

  #beginReady(): void {
    while (this.#places > 0) {
      const job = this.#ready.shift()
      if (!job) return
      this.#places -= 1
      void this.#work(job)
    }
  }

  async #work({ chat, begin }: Job): Promise<void> {
    const { rest } = await begin()
    this.#places += 1
    this.#beginReady()
    await Promise.allSettled([rest])
    const next = this.#busy.get(chat)?.shift()
    if (next) this.#ready.push(next)
    else this.#busy.delete(chat)
    this.#beginReady()
  }
}
