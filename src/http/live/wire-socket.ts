/** @module The part of a WebSocket of the ws package that is used here, so that nobody needs its types. */

export interface WireSocket {
  readonly bufferedAmount: number
  readonly isPaused: boolean
  readonly readyState: number
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown
  on(event: 'close', listener: (code: number, reason: Buffer) => void): unknown
  on(event: 'pong', listener: () => void): unknown
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
  terminate(): void
  ping(): void
  pause(): void
  resume(): void
}

/** The one state in which anything is sent. */
export const OPEN = 1
