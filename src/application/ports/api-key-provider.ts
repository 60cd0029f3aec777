/** @module Port: keeps API keys. It is a value, given to `apiKeys` in the configuration of auth. */
import type { CurrentUser } from './current-user.ts'

/** An API key as it is kept: nobody who reads the store learns the key. */
export interface StoredApiKey {
  /** The part of the key by which it is found; it opens nothing. */
  readonly prefix: string
  /** The digest of the whole key. */
  readonly digest: string
  readonly user: CurrentUser
  /** Undefined never expires. */
  readonly expiresAt: Date | undefined
  /** What it is good for; `*` is everything. */
  readonly abilities: readonly string[]
}

export interface NewApiKey extends StoredApiKey {
  /** For people: where the key is used. */
  readonly name: string
}

/** All of it runs in the scope that is open. */
export interface ApiKeyProvider {
  find(prefix: string): Promise<StoredApiKey | undefined>
  /** Keeps a key with the unit of work. */
  add(key: NewApiKey): void | Promise<void>
}
