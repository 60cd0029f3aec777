import { EventChannel, SubscriberTooSlowError } from 'limber/http'
import { expect, test } from 'vitest'
import { serving } from '../serve-routes.ts'

test('everybody who listens hears what is published from then on', async () => {
  const channel = new EventChannel<number>('numbers')
  const first = channel.subscribe()
  channel.publish(1)
  const second = channel.subscribe()
  channel.publish(2)
  expect([(await first.next()).value, (await first.next()).value]).toEqual([1, 2])
  expect((await second.next()).value).toBe(2)
  const waiting = second.next()
  channel.publish(3)
  expect((await waiting).value).toBe(3)
})

test('a subscription ends with its signal, or with whoever iterates', async () => {
  const channel = new EventChannel<number>('numbers')
  const client = new AbortController()
  const aborted = channel.subscribe(client.signal)
  const waiting = aborted.next()
  client.abort()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect((await channel.subscribe(client.signal).next()).done).toBe(true)
  const left = channel.subscribe()
  channel.publish(1)
  for await (const value of left) if (value === 1) break
  expect(channel.size).toBe(0)
})

test('whoever asks for several values at once is given each, or the end', async () => {
  const channel = new EventChannel<number>('numbers')
  const subscription = channel.subscribe()
  const asked = [subscription.next(), subscription.next(), subscription.next()]
  channel.publish(1)
  channel.publish(2)
  await subscription.return?.()
  expect(await Promise.all(asked)).toEqual([
    { done: false, value: 1 },
    { done: false, value: 2 },
    { done: true, value: undefined },
  ])
})

test('a subscriber that is too slow loses its subscription, and is told after what it has', async () => {
  const channel = new EventChannel<number>('numbers', { capacity: 2 })
  const slow = channel.subscribe()
  const heard: number[] = []
  for (const value of [1, 2, 3]) channel.publish(value)
  const listening = (async () => {
    for await (const value of slow) heard.push(value)
  })()
  await expect(listening).rejects.toThrow(SubscriberTooSlowError)
  expect([heard, channel.size]).toEqual([[1, 2], 0])
})

test('a handler may give a subscription as its events, which ends with the client', async () => {
  const channel = new EventChannel<{ data: string }>('news')
  const { url, errors } = await serving((router) => router.sse('/news', () => channel.subscribe()))
  const client = new AbortController()
  const reply = await fetch(`${url}/news`, { signal: client.signal })
  const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toBe(':\n\n')
  channel.publish({ data: 'hello' })
  expect((await reader?.read())?.value).toBe('data: hello\n\n')
  client.abort()
  while (channel.size > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(errors).toEqual([])
})

test('it says that it lives in one process', () => {
  const { name, hint } = new EventChannel('news')
  expect([name, hint]).toEqual(['the channel "news"', expect.stringContaining('processes')])
})
