/** @module What every route says whose connection stays open. */
import type { RouteOptions } from '../routing/route-options.ts'

/** It begins with a GET: there is no body to read, and nothing that a forged request could change. */
type OfReplies = 'body' | 'bodyLimit' | 'csrf' | 'response' | 'status' | 'stream' | 'timeout'

export type LiveOptions = Omit<RouteOptions, OfReplies>
