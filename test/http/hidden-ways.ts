/** @module The ways on which something is sent that is no single reply: streams, events and WebSockets. */
import type { Application } from 'limber'
import type { HttpContext, Router } from 'limber/http'
import type { z } from 'zod'
import { withTeam } from './hidden-team.ts'
import { talkTo } from './live/talk.ts'

/** Gives what is sent, in the scope that is open. */
export type Give = (context: Pick<HttpContext, 'app'>) => unknown

interface Way {
  readonly name: string
  /** Whether what is sent was written before. */
  readonly isAfterFlush: boolean
  readonly add: (router: Router, give: () => unknown, schema: z.ZodType | undefined) => void
  readonly hear: (app: Application) => Promise<string>
}

const reply = async (app: Application) => (await app.make('http').inject('/it')).payload

const message = async (app: Application) => {
  await app.run(app.make('http'))
  const { say, hear } = await talkTo(`${app.make('http').address}/it`)
  say('now')
  return JSON.stringify(await hear())
}

export const WAYS: readonly Way[] = [
  {
    name: 'a line of a stream',
    isAfterFlush: false,
    add: (router, give, stream) => {
      async function* lines() {
        yield await give()
      }
      router.get('/it', lines, stream ? { stream } : {})
    },
    hear: reply,
  },
  {
    name: 'an event',
    isAfterFlush: true,
    add: (router, give, event) => {
      async function* events() {
        yield { data: await give() }
      }
      router.sse('/it', events, event ? { event } : {})
    },
    hear: reply,
  },
  {
    name: 'the answer to a message',
    isAfterFlush: true,
    add: (router, give, sends) => router.ws('/it', { message: () => give() }, sends ? { sends } : {}),
    hear: message,
  },
  {
    name: 'a message of a handler',
    isAfterFlush: false,
    add: (router, give, sends) => {
      const send = async (_message: unknown, socket: Sending) => socket.send(await give())
      router.ws('/it', { message: send }, sends ? { sends } : {})
    },
    hear: message,
  },
]

interface Sending {
  send(value: unknown): void
}

/** What a client is sent on this way. */
export async function sentBy({ add, hear }: Way, give: Give, schema?: z.ZodType): Promise<string> {
  const app = await withTeam((router, app) => add(router, () => give({ app }), schema), 'production')
  return hear(app)
}
