/** @module One computation of a value: under a lease, in a scope of its own, for everybody who waits for it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Application } from '../application/application.ts'
import type { CacheEntries, Found } from './cache-entries.ts'
import type { EntryFacts, TagVersions } from './cache-entry.ts'
import { toJson } from './cache-json.ts'
import { CacheLease } from './cache-lease.ts'
import type { CacheTags } from './cache-tags.ts'

/** What has come of it: a value as JSON, or that another one was faster. */
export type FillOutcome = { readonly json: string | undefined } | 'taken'

export interface FillWork {
  readonly app: Application
  readonly key: string
  readonly factory: () => unknown
  readonly tags: readonly string[]
  /** The times of a value that is there now. */
  readonly times: () => EntryFacts
  readonly entries: CacheEntries
  readonly versions: CacheTags
  readonly look: { readonly found: Found | undefined; readonly isAway: boolean }
  /** Told what nobody else is told. */
  readonly tell: (error: unknown, what: string) => void
  readonly tick: () => number
}

/** The one whose factory runs. */
const storage = new AsyncLocalStorage<CacheFill>()

export class CacheFill {
  /** The one whose factory asks. */
  static get current(): CacheFill | undefined {
    return storage.getStore()
  }

  readonly id = randomUUID()
  readonly outcome: Promise<FillOutcome>
  /** Those whose values its factory waits for. */
  readonly waitsFor = new Set<CacheFill>()
  readonly #work: FillWork
  #beganAt = Number.POSITIVE_INFINITY

  constructor(work: FillWork) {
    this.#work = work
    this.outcome = this.#run()
    // Those who wait are told; when all have taken the stale value, it is in the log.
    this.outcome.catch(() => undefined)
  }

  /** When the factory was called, in ticks: what it gives is new enough for all who had asked by then. */
  get beganAt(): number {
    return this.#beganAt
  }

  /** Whether it cannot end before another one has. */
  needs(other: CacheFill): boolean {
    const needed = new Set<CacheFill>([this])
    for (const fill of needed) for (const next of fill.waitsFor) needed.add(next)
    return needed.has(other)
  }

  async #run(): Promise<FillOutcome> {
    const { tags, times, versions, look } = this.#work
    if (look.isAway) return { json: await this.#compute() }
    const began = await this.#try(async () => {
      const { expiresAt, staleUntil } = times()
      const end = staleUntil ?? expiresAt
      const lifetime = end === undefined ? undefined : end - this.#work.app.make('clock').now()
      const current = await versions.begin(tags, lifetime)
      return { current, lease: await this.#lease(look.found, current) }
    })
    if (!began) return { json: await this.#compute() }
    const { lease, current } = began
    if (!lease) return 'taken'
    try {
      const json = await this.#compute()
      await this.#try(() => lease.keep(json, { ...times(), tags: current }))
      return { json }
    } catch (error) {
      await this.#try(() => lease.release())
      throw error
    }
  }

  #lease(found: Found | undefined, tags: TagVersions): Promise<CacheLease | undefined> {
    const { app, key, entries, tell } = this.#work
    return CacheLease.take(key, entries, found, {
      id: this.id,
      tags,
      clock: () => app.make('clock'),
      tell: (error) => tell(error, 'not known to be computed'),
    })
  }

  /** In a scope of its own: what is kept for everybody must not show what its first reader may yet roll back. */
  async #compute(): Promise<string | undefined> {
    const { app, key, factory, tick } = this.#work
    this.#beganAt = tick()
    const compute = () => storage.run(this, async () => toJson(key, await factory()))
    // While the application boots there are no scopes.
    if (app.state !== 'booted') return compute()
    return app.scope(compute, { kind: 'cache', label: key })
  }

  /** The cache is no reason to fail: without its store the value is computed and not kept. */
  async #try<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask()
    } catch (error) {
      this.#work.tell(error, 'not kept')
      return undefined
    }
  }
}
