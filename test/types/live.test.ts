import { Readable } from 'node:stream'
import { type EventContext, type MessageOf, Router, type Socket } from 'limber/http'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const progress = {
  event: z.object({ percent: z.number(), at: z.string() }),
  params: z.object({ job: z.string() }),
}

class ProgressController {
  async *watch({ params }: EventContext<typeof progress>) {
    yield { data: { percent: 1, at: new Date(), secret: params.job }, id: 1 }
  }
  async *wrong() {
    yield { data: { percent: 'all', at: '' } }
  }
  shelf = 'A'
}

const chat = {
  query: z.object({ name: z.string() }),
  message: z.object({ text: z.string() }),
  sends: z.object({ from: z.string() }),
}

class ChatController {
  open(socket: Socket<typeof chat, { said: number }>) {
    socket.data.said = 0
  }
  message({ text }: { text: string }, socket: Socket<typeof chat, { said: number }>) {
    expectTypeOf(socket.data.said).toEqualTypeOf<number | undefined>()
    expectTypeOf(socket.query).toEqualTypeOf<{ name: string }>()
    return { from: text }
  }
}

class NumberController {
  message(message: { text: number }) {
    return { from: String(message.text) }
  }
}

test('a stream gives what its schema describes', () => {
  const router = new Router()
  const stream = z.object({ id: z.number() })
  router.get('/a', () => [{ id: 1 }], { stream })
  router.get(
    '/b',
    async function* () {
      yield { id: 1, more: true }
    },
    { stream },
  )
  async function* texts() {
    yield { id: 'x' }
  }
  // @ts-expect-error: the item has a text where the schema has a number.
  router.get('/c', texts, { stream })
  // @ts-expect-error: bytes would pass by the schema.
  router.get('/d', () => Readable.from(['x']), { response: stream })
  // @ts-expect-error: that is one item, and not several.
  router.get('/e', () => ({ id: 1 }), { stream })
})

test('events fit their schema', () => {
  const router = new Router()
  router.sse('/a/:job', [ProgressController, 'watch'], progress)
  router.sse('/b', ({ lastEventId, signal }) => {
    expectTypeOf(lastEventId).toEqualTypeOf<string | undefined>()
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    return [{ data: 'x', event: 'tick', retry: 3 }]
  })
  // @ts-expect-error: the schema wants a number.
  router.sse('/c', [ProgressController, 'wrong'], progress)
  // @ts-expect-error: the schema wants a number.
  router.sse('/d', () => [{ data: { percent: 'all', at: '' } }], { event: progress.event })
  // @ts-expect-error: an event has data.
  router.sse('/e', () => [{ event: 'tick' }])
  // @ts-expect-error: the handler wants a job, and the route has no schema for it.
  router.sse('/f', [ProgressController, 'watch'], { event: progress.event })
  // @ts-expect-error: there is no such method.
  router.sse('/g', [ProgressController, 'wacth'], progress)
  // @ts-expect-error: no route of events has such an option.
  router.sse('/h', () => [], { hartbeat: 1 })
  // @ts-expect-error: an event has no body to read.
  expect(() => router.sse('/i', () => [], { body: progress.event })).toThrow('has no body')
})

test('handlers of a WebSocket fit its schemas', () => {
  const router = new Router()
  expectTypeOf<MessageOf<typeof chat>>().toEqualTypeOf<{ text: string }>()
  router.ws('/a', ChatController, chat)
  router.ws('/b', { message: ({ text }, socket) => socket.send({ from: text }) }, chat)
  router.ws('/c', {
    message(message) {
      expectTypeOf(message).toEqualTypeOf<string | Uint8Array>()
    },
  })
  // @ts-expect-error: the handler wants a number, the schema gives a text.
  router.ws('/d', NumberController, chat)
  // @ts-expect-error: the controller wants messages, the route has no schema for them.
  router.ws('/e', ChatController)
  // @ts-expect-error: what is sent has a text.
  router.ws('/f', { message: (_message, socket) => socket.send({ from: 3 }) }, chat)
  // @ts-expect-error: what is given is sent, and has a text.
  router.ws('/g', { message: () => ({ from: 3 }) }, chat)
  // @ts-expect-error: a WebSocket without messages has no use.
  expect(() => router.ws('/h', { open: () => undefined })).toThrow('no handler of messages')
  // @ts-expect-error: no route of a WebSocket has such an option.
  router.ws('/i', { message: () => undefined }, { origin: '*' })
})
