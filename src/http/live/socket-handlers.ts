/** @module What answers a WebSocket, and the types by which handlers that do not fit their route do not compile. */
import type { Constructor } from '../../support/class-of.ts'
import type { Known } from '../routing/route-options.ts'
import type { Socket } from './socket.ts'
import type { MessageOf, SentOn, SocketOptions } from './socket-options.ts'

/** Why a connection is over: the code and the words of whoever closed it. */
export interface Closing {
  /** 1000 or 1001 for a client that said goodbye, 1006 for one that is simply gone. */
  readonly code: number
  readonly reason: string
}

type Answer<S extends SocketOptions> = SentOn<S> | void | Promise<SentOn<S> | undefined> | Promise<void>

/**
 * Answers a WebSocket. Each call has a unit of work of its own, one after the other; what `message` gives is sent when its
 * unit of work is committed.
 */
export interface SocketHandlers<
  S extends SocketOptions = SocketOptions,
  Data extends object = Record<string, unknown>,
> {
  readonly open?: (socket: Socket<S, Data>) => unknown
  readonly message: (message: MessageOf<S>, socket: Socket<S, Data>) => Answer<S>
  readonly close?: (socket: Socket<S, Data>, closing: Closing) => unknown
}

/** Adds a route of a WebSocket: a class, made for each message, or an object. What does not fit does not compile. */
export interface AddSocketRoute {
  <S extends SocketOptions = SocketOptions>(
    path: string,
    controller: Constructor<SocketHandlers<NoInfer<S>, never>>,
    options?: S & Known<S, SocketOptions>,
  ): void
  <S extends SocketOptions = SocketOptions>(
    path: string,
    handlers: SocketHandlers<NoInfer<S>>,
    options?: S & Known<S, SocketOptions>,
  ): void
}
