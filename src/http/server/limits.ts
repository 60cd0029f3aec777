/** @module What a client may take: sizes and times. Every limit has a default that holds on the open internet. */
import type { Server } from 'node:http'
import type { FastifyHttpOptions } from 'fastify'

export interface LimitsConfig {
  /** The largest body that is read, in bytes; default: 1 MiB. */
  readonly bodyLimit?: number
  /** How large all headers of a request may be together, in bytes; default: 16 KiB. */
  readonly maxHeaderSize?: number
  /** How long a parameter of a path may be, in characters; a longer one is a 414. Default: 500. */
  readonly maxParamLength?: number
  /** How many requests one connection may carry; with the last reply the client is told to close it. Default: 0, any number. */
  readonly maxRequestsPerSocket?: number
  /** How long a client may take to send the headers of its request, in milliseconds; default: 30,000, or `requestTimeout` when that is less. */
  readonly headersTimeout?: number
  /** How long a client may take to send its whole request, in milliseconds; default: 60,000. */
  readonly requestTimeout?: number
  /** How long a connection without a request is kept, in milliseconds; default: 72,000, more than most proxies keep theirs. */
  readonly keepAliveTimeout?: number
  /** How long a client may leave its reply unread before the connection is closed, in milliseconds; default: 120,000. 0 is no limit. */
  readonly connectionTimeout?: number
  /** How long handlers may take, in milliseconds; then the request is a 504 and rolled back. Default: 0, no limit. */
  readonly handlerTimeout?: number
}

export const DEFAULT_LIMITS = {
  bodyLimit: 1_048_576,
  maxHeaderSize: 16_384,
  maxParamLength: 500,
  maxRequestsPerSocket: 0,
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionTimeout: 120_000,
  handlerTimeout: 0,
} as const satisfies Required<LimitsConfig>

/** The limits as Fastify and Node take them. */
export function limitOptions(config: LimitsConfig): FastifyHttpOptions<Server> {
  const limits = { ...DEFAULT_LIMITS, ...definedOf(config) }
  const { maxHeaderSize, maxParamLength, bodyLimit, handlerTimeout } = limits
  const { maxRequestsPerSocket, requestTimeout, keepAliveTimeout, connectionTimeout } = limits
  // Where the headers may take longer than the request, Node exchanges the two.
  const headersTimeout =
    config.headersTimeout ?? Math.min(limits.headersTimeout, requestTimeout || limits.headersTimeout)
  return {
    bodyLimit,
    maxRequestsPerSocket,
    requestTimeout,
    keepAliveTimeout,
    connectionTimeout,
    handlerTimeout,
    routerOptions: { maxParamLength },
    http: {
      maxHeaderSize,
      headersTimeout,
      // Node looks for clients that are late only so often; by default every 30 seconds.
      connectionsCheckingInterval: Math.max(
        100,
        Math.min(30_000, headersTimeout, requestTimeout || 30_000) / 4,
      ),
      // Node would answer a request without a host with nothing; the onRequest hook says what is missing.
      requireHostHeader: false,
    },
  }
}

function definedOf(config: LimitsConfig): Partial<Required<LimitsConfig>> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined))
}
