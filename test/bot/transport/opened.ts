/** @module A Bot API, a client of it, and a log whose lines are kept, for tests of the transport. */
import { pino } from 'pino'
import { openBotApi } from '../../support/bot-api-server.ts'
import { openApi } from './internals.ts'

export async function openTransport() {
  const server = await openBotApi()
  const api = await openApi({ apiRoot: server.apiRoot }, server.token)
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  return { server, api, log, lines }
}
