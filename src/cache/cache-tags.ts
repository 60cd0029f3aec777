/** @module Tags: one version each, kept beside the values; a value is worth as much as the versions it was computed with. */
import { randomBytes } from 'node:crypto'
import type { CacheStore } from '../application/ports/cache-store.ts'
import type { Clock } from '../application/ports/clock.ts'
import type { TagVersions } from './cache-entry.ts'

export class CacheTags {
  readonly #store: CacheStore
  readonly #clock: () => Clock

  constructor(store: CacheStore, clock: () => Clock) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * Gives the versions of tags for a value that is computed after this, and begins those that are not there.
   *
   * @param lifetime how long the value will be kept; undefined is for ever
   */
  async begin(tags: readonly string[], lifetime: number | undefined): Promise<TagVersions> {
    const names = [...new Set(tags)]
    if (names.length === 0) return []
    const found = await this.#store.get(names.map(keyOf))
    const versions = names.map((tag, index) => this.#keep(tag, found[index], lifetime))
    return Promise.all(versions)
  }

  /** Tells which versions are those of now, for several values at once. */
  async current(versions: TagVersions): Promise<(of: TagVersions | undefined) => boolean> {
    const names = [...new Set(versions.map(([tag]) => tag))]
    if (names.length === 0) return () => true
    const found = await this.#store.get(names.map(keyOf))
    const current = new Map(names.map((tag, index) => [tag, found[index]?.text]))
    return (of = []) => of.every(([tag, version]) => current.get(tag) === version)
  }

  /** Ends versions: whatever was computed with them is worth nothing from now on. */
  async end(tags: readonly string[]): Promise<void> {
    await this.#store.delete([...new Set(tags)].map(keyOf))
  }

  /** The version that is there, made to live as long as the value, or a new one that no value has seen. */
  async #keep(
    tag: string,
    found: { text: string; expiresAt: number | undefined } | undefined,
    lifetime: number | undefined,
  ): Promise<readonly [string, string]> {
    const version = found?.text ?? randomBytes(12).toString('base64url')
    const left =
      found?.expiresAt === undefined ? Number.POSITIVE_INFINITY : found.expiresAt - this.#clock().now()
    if (found && left >= (lifetime ?? Number.POSITIVE_INFINITY)) return [tag, version]
    // Twice as long, so that not every value has to prolong it.
    const twice = lifetime === undefined ? undefined : 2 * lifetime
    if (await this.#store.replace(keyOf(tag), found?.text, version, twice)) return [tag, version]
    // Another one began it meanwhile, or ended it: without a version the value is a miss, never a stale hit.
    const [now] = await this.#store.get([keyOf(tag)])
    return [tag, now?.text ?? version]
  }
}

function keyOf(tag: string): string {
  return `tag:${tag}`
}
