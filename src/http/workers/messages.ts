/** @module What the primary process and its workers tell each other. */

export interface ListeningMessage {
  readonly limber: 'listening'
  readonly address: string
}

export interface StopMessage {
  readonly limber: 'stop'
}

export function isListening(message: unknown): message is ListeningMessage {
  return isOurs(message, 'listening') && 'address' in message && typeof message.address === 'string'
}

export function isStop(message: unknown): message is StopMessage {
  return isOurs(message, 'stop')
}

function isOurs(message: unknown, name: string): message is object {
  return typeof message === 'object' && message !== null && 'limber' in message && message.limber === name
}
