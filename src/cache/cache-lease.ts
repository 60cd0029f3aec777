/** @module The sign in an entry that its value is being computed: others wait for it, or take the stale value meanwhile. */
import type { Clock } from '../application/ports/clock.ts'
import type { CacheEntries, Found } from './cache-entries.ts'
import { type EntryFacts, LEASE, type TagVersions } from './cache-entry.ts'

export interface LeaseFacts {
  readonly id: string
  readonly tags: TagVersions
  readonly clock: () => Clock
  /** Told when the store does not answer; the work goes on. */
  readonly tell: (error: unknown) => void
}

/**
 * It stands in the entry itself: whatever changes or forgets the entry takes it away, and the value that was computed
 * meanwhile is not kept.
 */
export class CacheLease {
  readonly #key: string
  readonly #entries: CacheEntries
  readonly #facts: LeaseFacts
  /** What is put back when no value comes of it. */
  readonly #stale: { json: string; facts: EntryFacts } | undefined
  readonly #fence: number | undefined
  #text: string | undefined
  #renewal: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  private constructor(key: string, entries: CacheEntries, found: Found | undefined, facts: LeaseFacts) {
    this.#key = key
    this.#entries = entries
    this.#facts = facts
    this.#fence = found?.entry.fence
    this.#text = found?.text
    if (!found?.isStale) return
    const { value, expiresAt, staleUntil, tags, fence } = found.entry
    this.#stale = { json: JSON.stringify(value), facts: { expiresAt, staleUntil, tags, fence } }
  }

  /** Gives undefined when another one was faster. */
  static async take(
    key: string,
    entries: CacheEntries,
    found: Found | undefined,
    facts: LeaseFacts,
  ): Promise<CacheLease | undefined> {
    const lease = new CacheLease(key, entries, found, facts)
    if (!(await lease.#write())) return undefined
    lease.#timer = setInterval(() => lease.#renew(), LEASE / 3)
    // Who waits for the value keeps the process alive, and nobody else has to.
    lease.#timer.unref()
    return lease
  }

  /**
   * Puts the value in its place.
   *
   * @param json undefined keeps nothing
   */
  async keep(json: string | undefined, facts: EntryFacts): Promise<void> {
    await this.#end()
    if (json === undefined) return this.#putBack()
    const { text, lifetime } = this.#entries.compose(json, { ...facts, fence: this.#fence })
    await this.#entries.replace(this.#key, this.#text, text, lifetime)
  }

  /** Lets others try: no value has come of it. */
  async release(): Promise<void> {
    await this.#end()
    await this.#putBack()
  }

  async #putBack(): Promise<void> {
    const fence = this.#fence
    const before = this.#stale ?? (fence === undefined ? undefined : { json: undefined, facts: { fence } })
    const { text, lifetime } = before
      ? this.#entries.compose(before.json, before.facts)
      : { text: undefined, lifetime: undefined }
    await this.#entries.replace(this.#key, this.#text, text, lifetime)
  }

  /** The text has to be that of the last renewal. */
  async #end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewal
  }

  #renew(): void {
    this.#renewal = this.#renewal.then(async () => {
      try {
        if (!(await this.#write())) clearInterval(this.#timer)
      } catch (error) {
        this.#facts.tell(error)
      }
    })
  }

  async #write(): Promise<boolean> {
    const { id, tags, clock } = this.#facts
    const lease = { id, until: clock().now() + LEASE, tags }
    const kept = this.#stale?.facts ?? { fence: this.#fence }
    const { text, lifetime } = this.#entries.compose(this.#stale?.json, { ...kept, lease })
    const isWritten = await this.#entries.replace(this.#key, this.#text, text, lifetime)
    if (isWritten) this.#text = text
    return isWritten
  }
}
