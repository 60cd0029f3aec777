import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import type { RouteOptions } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Recorder, serving, withRoutes } from '../serve-routes.ts'

const user = { id: 1, name: 'Ada', passwordHash: 'secret' }
const item = z.object({ id: z.number(), name: z.string() })

async function* users(count: number) {
  for (let id = 1; id <= count; id++) yield { ...user, id }
}

function* lettersOf(word: string) {
  for (const letter of word) yield { letter }
}

async function reply(answer: () => unknown, options: RouteOptions = {}) {
  const { http, errors } = await withRoutes((router) => router.get('/it', answer, options))
  return { ...(await http.inject('/it')), errors }
}

test.for([
  ['an async generator', () => users(2), '{"id":1,"name":"Ada"}\n{"id":2,"name":"Ada"}\n'],
  ['a stream of objects', () => Readable.from([user]), '{"id":1,"name":"Ada"}\n'],
  ['a list', () => [user], '{"id":1,"name":"Ada"}\n'],
] as const)(
  '%s is sent line by line, without the fields that its schema does not name',
  async ([, answer, body]) => {
    const { payload, headers } = await reply(answer, { stream: item })
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(payload).toBe(body)
  },
)

test('without a schema, items say what they are by toJSON, and texts go as they are', async () => {
  class Book {
    readonly secret = 'x'
    toJSON() {
      return { title: 'Emma', printed: new Date(0) }
    }
  }
  const printed = '{"title":"Emma","printed":"1970-01-01T00:00:00.000Z"}\n'
  expect((await reply(() => Readable.from([new Book()]))).payload).toBe(printed)
  expect((await reply(() => lettersOf('ab'))).payload).toBe('{"letter":"a"}\n{"letter":"b"}\n')
  expect((await reply(() => Readable.from(['a,b\n', Buffer.from('c,d\n')]))).payload).toBe('a,b\nc,d\n')
})

test.for([
  ['a stream of bytes', () => Readable.from(['secret'], { objectMode: false }), { response: item }],
  ['a stream of bytes, where items are described', () => new Blob(['secret']).stream(), { stream: item }],
  ['a stream of items, where one value is described', () => users(1), { response: item }],
  ['one value, where items are described', () => user, { stream: item }],
] as [string, () => unknown, RouteOptions][])(
  '%s does not pass by the schema',
  async ([, answer, options]) => {
    const { statusCode, payload, errors } = await reply(answer, options)
    expect([statusCode, JSON.parse(payload).code]).toEqual([500, 'LIMBER_RESPONSE_INVALID'])
    expect(payload).not.toContain('secret')
    expect(errors[0]?.err?.faults).toEqual([
      { path: 'result', message: expect.stringContaining('describes') },
    ])
  },
)

test('an item that does not fit breaks the reply off, and is told with its number', async () => {
  const recorder = new Recorder()
  const { url, errors } = await serving((router) =>
    router.get(
      '/users',
      async function* ({ app }) {
        recorder.join(app.currentScope())
        yield* users(2)
        const wrong: unknown = 'three'
        yield { id: wrong as number, name: 'Ada' }
        yield user
      },
      { stream: item },
    ),
  )
  const reply = await fetch(`${url}/users`)
  expect(reply.status).toBe(200)
  await expect(reply.text()).rejects.toThrow()
  await recorder.closed.promise
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ route: 'GET /users', err: { code: 'LIMBER_RESPONSE_INVALID' } })
  expect(errors[0]?.err?.faults).toMatchObject([{ path: 'result.2.id' }])
})

test('items are made in the scope of the request, which only reads and ends after them', async () => {
  const recorder = new Recorder()
  const own = new AsyncLocalStorage<string>()
  const seen: unknown[] = []
  const { url } = await serving((router) =>
    router.get('/users', ({ app }) => {
      const scope = app.currentScope()
      recorder.join(scope)
      return own.run('mine', () => ({
        async *[Symbol.asyncIterator]() {
          // More than the buffers of both ends, so that the socket asks for what follows.
          for (let n = 0; n < 40; n++) {
            seen.push(app.currentScope() === scope && scope?.isReadOnly)
            yield { text: 'long'.repeat(10_000) }
          }
          recorder.calls.push('made')
        },
      }))
    }),
  )
  expect((await (await fetch(`${url}/users`)).text()).match(/\n/g)).toHaveLength(40)
  await recorder.closed.promise
  expect(seen).toEqual(Array.from({ length: 40 }, () => true))
  expect(recorder.calls).toEqual(['flush', 'commit', 'made', 'flush', 'close'])
})

test('a client that goes ends the iteration, and then the scope', async () => {
  const recorder = new Recorder()
  const { http, errors } = await serving((router) =>
    router.get('/numbers', ({ app }) => {
      recorder.join(app.currentScope())
      return (async function* () {
        try {
          for (let n = 0; ; n++) yield { n, text: 'long'.repeat(10_000) }
        } finally {
          recorder.calls.push(`cleaned up with ${app.currentScope()?.isClosed ? 'no' : 'its'} scope`)
        }
      })()
    }),
  )
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /numbers HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['flush', 'commit', 'cleaned up with its scope', 'flush', 'close'])
  expect(errors).toEqual([])
})

test('a client that does not read holds the iteration up, and not the memory', async () => {
  let made = 0
  const stalled = Promise.withResolvers<void>()
  const { http } = await serving((router) =>
    router.get('/numbers', async function* ({ request }) {
      request.raw.socket.once('close', () => stalled.resolve())
      for (; made < 100_000; made++) yield { text: 'long'.repeat(10_000) }
    }),
  )
  const socket = connect(Number(http.port), '127.0.0.1')
  socket.write('GET /numbers HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.pause()
  // As long as anything is made, the next turn makes more.
  for (let before = -1; before !== made || made === 0; ) {
    before = made
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(made).toBeLessThan(1_000)
  socket.destroy()
  await stalled.promise
})
