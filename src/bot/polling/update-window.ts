/** @module The updates that have been given out and are not all confirmed yet. */
import type { Update } from 'grammy/types'
import { lineOf } from '../updates/line-of.ts'

/** How many updates the Bot API gives at most, counted from the offset. */
export const WINDOW_SIZE = 100

/**
 * To ask from an offset confirms everything below it for ever: it never passes an update that is not handled yet. Updates above it
 * come again until then, and are told by their number.
 */
export class UpdateWindow {
  /** Given out and not handled. */
  readonly #open = new Set<number>()
  /** Handled, and perhaps given once more. */
  readonly #done = new Set<number>()
  readonly #lines = new Map<string, Promise<void>>()
  #next: number | undefined
  #changed = Promise.withResolvers<void>()

  /** Gives the offset to ask from: nothing below it comes again, so that it can be forgotten. */
  confirm(): number | undefined {
    const { offset } = this
    for (const id of this.#done) if (offset !== undefined && id < offset) this.#done.delete(id)
    return offset
  }

  /** Below it everything is handled; undefined before anything has come. */
  get offset(): number | undefined {
    return this.#open.size === 0 ? this.#next : Math.min(...this.#open)
  }

  get isIdle(): boolean {
    return this.#open.size === 0
  }

  /** Gives what is new among the updates that came, and counts it as given out. */
  take(updates: readonly Update[]): readonly Update[] {
    const fresh = updates.filter(({ update_id: id }) => !this.#open.has(id) && !this.#done.has(id))
    for (const { update_id } of fresh) this.#open.add(update_id)
    const last = updates.at(-1)
    if (last) this.#next = last.update_id + 1
    return fresh
  }

  /** Does the work of an update when that of the earlier ones of its chat is over; what gives true is handled. */
  begin(update: Update, work: () => Promise<boolean>): void {
    const line = lineOf(update)
    const before = this.#lines.get(line) ?? Promise.resolve()
    const run = before.then(work).then((isHandled) => {
      if (isHandled) this.#close(update.update_id)
      if (this.#lines.get(line) === run) this.#lines.delete(line)
    })
    this.#lines.set(line, run)
  }

  /** Waits until one more update is handled. */
  change(): Promise<void> {
    return this.#changed.promise
  }

  /** Waits until no work is left. */
  async settled(): Promise<void> {
    await Promise.all(this.#lines.values())
  }

  #close(id: number): void {
    this.#open.delete(id)
    this.#done.add(id)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }
}
