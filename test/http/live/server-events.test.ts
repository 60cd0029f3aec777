import { AsyncLocalStorage } from 'node:async_hooks'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Guard, LimberError } from 'limber'
import {
  EventChannel,
  type EventContext,
  type EventOptions,
  type Next,
  type RequestFacts,
  type Router,
  type ServerEvent,
} from 'limber/http'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { Recorder, serving, withRoutes } from '../serve-routes.ts'

/** What a route sends until its handler is done. */
async function eventsOf(
  answer: (context: EventContext) => AsyncIterable<ServerEvent> | Iterable<ServerEvent>,
  options: EventOptions = {},
) {
  const { http, errors } = await withRoutes((router) => router.sse('/it', answer, options))
  const { payload, headers, statusCode } = await http.inject('/it')
  return { payload, headers, statusCode, errors }
}

/** A client that listens until it is told to go. */
async function listening(url: string, headers: Record<string, string> = {}) {
  const client = new AbortController()
  onTestFinished(() => client.abort())
  const reply = await fetch(url, { signal: client.signal, headers })
  const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  /** Reads on until this has arrived. */
  const read = async (wanted: string) => {
    while (!text.includes(wanted)) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) throw new Error(`The stream ended with ${text}`)
      text += value
    }
    return text
  }
  const rest = async () => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) return text
      text += value
    }
  }
  return { reply, read, rest, go: () => client.abort() }
}

test('events are written as the protocol says', async () => {
  const { payload, headers } = await eventsOf(
    function* () {
      yield { data: 'plain' }
      yield { data: 'two\nlines\r\nand a third' }
      yield { data: { printed: new Date(0), sold: 12n }, event: 'book', id: 7, retry: 500 }
      yield { data: null }
    },
    { retry: 2_000 },
  )
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
  expect(payload.split('\n\n')).toEqual([
    'retry: 2000',
    'data: plain',
    'data: two\ndata: lines\ndata: and a third',
    'event: book\nid: 7\nretry: 500\ndata: {"printed":"1970-01-01T00:00:00.000Z","sold":"12"}',
    'data: null',
    '',
  ])
})

test('a field that the schema of the event does not name never leaves', async () => {
  const event = z.object({ id: z.number() })
  const { payload } = await eventsOf(
    function* () {
      yield { data: { id: 1, passwordHash: 'secret' }, id: 'a' }
    },
    { event },
  )
  expect(payload).toBe(':\n\nid: a\ndata: {"id":1}\n\n')
})

test.for([
  ['data that does not fit', { data: { id: 'x' } }, 'result.1.data.id'],
  ['a name with a line break', { data: { id: 1 }, event: 'a\ndata: forged' }, 'result.1.event'],
  ['an id with a line break', { data: { id: 1 }, id: 'a\r' }, 'result.1.id'],
  ['a time that is none', { data: { id: 1 }, retry: -1 }, 'result.1.retry'],
  ['what is no event', 'hello', 'result.1'],
] as [string, ServerEvent, string][])('%s breaks the stream off', async ([, wrong, place]) => {
  const { url, errors } = await serving((router) => {
    const handler = (): Iterable<ServerEvent> => [{ data: { id: 1 } }, wrong, { data: { id: 2 } }]
    const options: EventOptions = { event: z.object({ id: z.number() }) }
    router.sse('/it', handler, options)
  })
  const { rest } = await listening(`${url}/it`)
  await expect(rest()).rejects.toThrow()
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ route: 'SSE /it', event: 1, err: { code: 'LIMBER_RESPONSE_INVALID' } })
  expect(errors[0]?.err?.faults).toMatchObject([{ path: place }])
})

test('each event has a unit of work of its own, committed before it is sent', async () => {
  const first = new Recorder()
  const recorders = [new Recorder(), new Recorder()]
  const scopes = new Set<unknown>()
  const calls: string[] = []
  const { http } = await withRoutes((router) =>
    router.sse('/it', ({ app, response }) => {
      scopes.add(app.currentScope())
      first.join(app.currentScope())
      response.raw.raw.once('pipe', () => calls.push('headers', ...first.calls))
      return (async function* () {
        for (const recorder of recorders) {
          scopes.add(app.currentScope())
          recorder.join(app.currentScope())
          await delay(1)
          scopes.add(app.currentScope())
          yield { data: 'done' }
          // Here begins the next one.
          expect(recorder.calls).toEqual(['flush', 'commit', 'close'])
        }
      })()
    }),
  )
  expect((await http.inject('/it')).payload).toBe(':\n\ndata: done\n\ndata: done\n\n')
  expect(calls.slice(0, 3)).toEqual(['headers', 'flush', 'commit'])
  expect(scopes.size).toBe(3)
})

test('an error in a step undoes that step only, and ends the stream', async () => {
  const recorders = [new Recorder(), new Recorder()]
  const { url, errors } = await serving((router) =>
    router.sse('/it', async function* ({ app }) {
      recorders[0]?.join(app.currentScope())
      yield { data: 'one' }
      recorders[1]?.join(app.currentScope())
      throw new Error('out of paper')
    }),
  )
  const { read, rest } = await listening(`${url}/it`)
  await read('data: one')
  await expect(rest()).rejects.toThrow()
  expect(recorders.map(({ calls }) => calls)).toEqual([
    ['flush', 'commit', 'close'],
    ['rollback', 'close'],
  ])
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ route: 'SSE /it', event: 1, msg: 'out of paper' })
})

test('an async generator sees the context of whoever asks for its next value', async () => {
  // Scopes per event stand on this: V8 keeps the context of a generator across its awaits, not across its yields.
  const storage = new AsyncLocalStorage<string>()
  async function* inner() {
    yield storage.getStore()
    await delay(1)
    yield storage.getStore()
  }
  async function* outer() {
    try {
      yield* inner()
      for await (const seen of inner()) yield seen
    } finally {
      await delay(1)
      left = storage.getStore()
    }
  }
  let left: string | undefined
  const generator = storage.run('made', outer)
  const seen: unknown[] = []
  for (const call of ['1', '2', '3']) seen.push((await storage.run(call, () => generator.next())).value)
  await storage.run('left', () => generator.return())
  expect([...seen, left]).toEqual(['1', '2', '3', 'left'])
})

class StrangerError extends LimberError {
  readonly code = 'TEST_STRANGER'
  readonly kind = 'unauthenticated'
}

const nobody: Guard = {
  name: 'nobody',
  admit: () => {
    throw new StrangerError('Who are you?')
  },
}

test('guards, schemas and refusals answer as on every route', async () => {
  const { http } = await withRoutes((router) => {
    router.group({ prefix: '/closed', guards: [nobody] }, (closed) => closed.sse('/it', () => []))
    router.sse('/numbers', () => [], { query: z.object({ from: z.coerce.number() }) })
    router.sse('/over', () => undefined)
    router.sse('/wrong', () => Object(3))
  })
  expect((await http.inject('/closed/it')).statusCode).toBe(401)
  expect((await http.inject('/numbers?from=x')).statusCode).toBe(422)
  expect((await http.inject('/over')).statusCode).toBe(204)
  expect((await http.inject('/wrong')).json()).toMatchObject({ code: 'LIMBER_RESPONSE_INVALID' })
})

class ClockController {
  async *ticks({ lastEventId, signal }: EventContext) {
    for (let n = Number(lastEventId ?? 0) + 1; ; n++) {
      yield { id: n, data: `tick ${n}` }
      await delay(1, undefined, { signal })
    }
  }
}

test('a client that connects again says where it was', async () => {
  const { url, errors } = await serving((router) => router.sse('/clock', [ClockController, 'ticks']))
  const { read, go } = await listening(`${url}/clock`, { 'last-event-id': '41' })
  expect(await read('tick 43')).toContain('id: 42\ndata: tick 42\n\nid: 43\ndata: tick 43')
  go()
  expect(errors).toEqual([])
})

test('a connection with nothing to say is kept open by comments', async () => {
  const { url } = await serving((router) =>
    router.sse('/quiet', ({ signal }) => new EventChannel<ServerEvent>('quiet').subscribe(signal), {
      heartbeat: 5,
    }),
  )
  const { read, reply } = await listening(`${url}/quiet`)
  expect(reply.status).toBe(200)
  expect(await read(':\n\n:\n\n:\n\n')).toMatch(/^(:\n\n)+$/)
})

/** A handler that waits for its signal, and tells when it has cleaned up. */
function waiting(router: Router) {
  const started = Promise.withResolvers<void>()
  const cleaned = Promise.withResolvers<string>()
  router.sse('/wait', async function* ({ signal, app }) {
    try {
      yield { data: 'ready' }
      started.resolve()
      await delay(60_000, undefined, { signal })
    } finally {
      cleaned.resolve(app.currentScope()?.isClosed ? 'without a scope' : 'in a scope')
    }
  })
  return { started: started.promise, cleaned: cleaned.promise }
}

test('a client that goes ends what waits, which cleans up in a scope', async () => {
  let handler = {} as ReturnType<typeof waiting>
  const { url, errors } = await serving((router) => {
    handler = waiting(router)
  })
  const { go } = await listening(`${url}/wait`)
  await handler.started
  go()
  expect(await handler.cleaned).toBe('in a scope')
  expect(errors).toEqual([])
})

test('a heartbeat that no timer keeps is refused', async () => {
  const adding = withRoutes((router) => router.sse('/it', () => [], { heartbeat: 2 ** 31 }))
  await expect(adding).rejects.toMatchObject({ cause: { code: 'LIMBER_INVALID_ROUTE' } })
})

test('events that a middleware withholds are given up with their reply', async () => {
  class Withholding {
    async handle(_facts: RequestFacts, next: Next): Promise<unknown> {
      await next()
      throw new Error('withheld')
    }
  }
  const { app, url } = await serving((router) => {
    const news = new EventChannel<ServerEvent>('news')
    router.sse('/news', ({ signal }) => news.subscribe(signal), { middleware: [Withholding] })
  })
  expect((await fetch(`${url}/news`)).status).toBe(500)
  // It would wait for the events until its deadline.
  await app.stop({ deadline: 60_000 })
})

test('events for a client that has gone before the first one are given up', async () => {
  const entered = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const { app, http, errors } = await serving((router) => {
    const news = new EventChannel<ServerEvent>('news')
    router.sse('/news', async ({ signal, request }) => {
      request.raw.socket.once('close', () => setImmediate(gone.resolve))
      entered.resolve()
      await gone.promise
      return news.subscribe(signal)
    })
  })
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /news HTTP/1.1\r\nhost: x\r\n\r\n')
  await entered.promise
  socket.destroy()
  await gone.promise
  await app.stop({ deadline: 60_000 })
  expect(errors).toEqual([])
})

test('the id of the last event is the text that was sent', async () => {
  const { url } = await serving((router) =>
    router.sse('/last', function* ({ lastEventId }) {
      yield { data: `after ${lastEventId}` }
    }),
  )
  // A browser sends it in UTF-8.
  const { rest } = await listening(`${url}/last`, {
    'last-event-id': Buffer.from('größe').toString('latin1'),
  })
  expect(await rest()).toContain('data: after größe')
})

test('a client that does not read holds the steps up', async () => {
  let made = 0
  const gone = Promise.withResolvers<void>()
  const { http } = await serving((router) =>
    router.sse('/fast', async function* () {
      try {
        for (; made < 100_000; made++) yield { data: 'long'.repeat(10_000) }
      } finally {
        gone.resolve()
      }
    }),
  )
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /fast HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.pause()
  for (let before = -1; before !== made || made === 0; ) {
    before = made
    await delay(50)
  }
  expect(made).toBeLessThan(1_000)
  socket.destroy()
  await gone.promise
})
