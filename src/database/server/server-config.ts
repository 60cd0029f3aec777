/** @module What the drivers of database servers are configured with. */

export interface ServerFields {
  /** Default: 127.0.0.1. */
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database: string
}

/** A URL, or its parts: those need no escapes. */
export type ServerAddress = { readonly url: string } | ServerFields

/** A replica takes what it does not say from the primary. */
export type ReplicaAddress = { readonly url: string } | Partial<ServerFields>

export interface TlsOptions {
  /** Certificates of the authorities that are trusted. */
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  /** Whether the certificate of the server is checked; default true. */
  readonly rejectUnauthorized?: boolean
}

export interface PoolOptions {
  /** How many connections are kept open; default 0. */
  readonly min?: number
  /** How many connections there are at most; default 10. */
  readonly max?: number
  /** After how many milliseconds an unused connection is closed; default 10,000. */
  readonly idleTimeout?: number
  /** How many milliseconds a query waits for a connection; default 10,000. */
  readonly acquireTimeout?: number
}

export interface ServerOptions {
  /** `true` encrypts and checks the certificate of the server. */
  readonly tls?: boolean | TlsOptions
  readonly pool?: PoolOptions
  /** How many milliseconds a server has to accept a connection; default 5,000. */
  readonly connectTimeout?: number
  /** Where reads outside of a transaction go. */
  readonly replicas?: readonly ReplicaAddress[]
}

export const DEFAULT_CONNECT_TIMEOUT = 5_000
export const DEFAULT_ACQUIRE_TIMEOUT = 10_000
const DEFAULT_MAX = 10
const DEFAULT_IDLE_TIMEOUT = 10_000

/** The pool in the words of the ORM. */
export function poolOf({ min = 0, max = DEFAULT_MAX, idleTimeout = DEFAULT_IDLE_TIMEOUT }: PoolOptions = {}) {
  return { min, max, idleTimeoutMillis: idleTimeout }
}
