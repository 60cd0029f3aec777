/** @module What a route of a WebSocket says besides its path. */
import type { Sendable } from '../schemas/sendable.ts'
import type { InputOf, OutputOf, StandardSchema } from '../schemas/standard-schema.ts'
import type { LiveOptions } from './live-options.ts'

/** OpenAPI has no words for WebSockets. */
type OfDocument = 'summary' | 'description' | 'tags' | 'deprecated' | 'answers' | 'documented'

export interface SocketOptions extends Omit<LiveOptions, OfDocument> {
  /** Describes each message of the client, which is JSON then; one that does not fit is answered with an error. */
  readonly message?: StandardSchema
  /** Describes what is sent, after `toJSON`. Fields that it does not name never leave. It must not be asynchronous. */
  readonly sends?: StandardSchema
  /**
   * Which other sites may connect from a browser: `https://app.example.org`, or `*` for every one. Default: none, since a
   * browser sends the cookies of this one along.
   */
  readonly origins?: readonly string[] | '*'
  /** The largest message, in bytes; a larger one closes the connection with 1009. Default: 1 MiB. */
  readonly maxPayload?: number
  /** How often the client is asked whether it is there, in milliseconds; without an answer it is cut. Default: 30,000. */
  readonly heartbeat?: number
  /** How many messages wait for the one before; then no more are read for a while. Default: 16. */
  readonly maxQueued?: number
  /** How many bytes wait for a slow client; with more, the connection is closed with 1013. Default: 4 MiB. */
  readonly maxBuffered?: number
}

/** What a message is for its handler: without a schema, as it came. */
export type MessageOf<S extends SocketOptions> = S extends {
  readonly message: infer M extends StandardSchema
}
  ? OutputOf<M>
  : string | Uint8Array

/** What may be sent. */
export type SentOn<S extends SocketOptions> = S extends { readonly sends: infer M extends StandardSchema }
  ? Sendable<InputOf<M>>
  : unknown
