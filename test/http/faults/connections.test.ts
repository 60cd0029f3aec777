import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { FaultApplication, request, until } from './fault-application.ts'

const server = new FaultApplication({ requestTimeout: 300 })
beforeAll(async () => void (await server.start()))
afterAll(() => server.stop())

const hold = () => request('POST /hold', '{}')
const keepAlive = (line: string) => `${line} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`

async function client(): Promise<Socket> {
  const socket = await server.connect()
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Starts a request whose handler has written, and waits; the function lets it go on. */
async function holding(socket: Socket, bytes: string | Uint8Array): Promise<() => void> {
  socket.write(bytes)
  await until(() => server.held.length > 0)
  return server.held.splice(0)[0] ?? expect.fail('No handler runs.')
}

/** Waits until the server, too, knows that its clients have gone. */
async function noConnections(): Promise<void> {
  const { server: listening } = server.app.make('http').fastify
  const count = promisify(listening.getConnections.bind(listening))
  while ((await count()) > 0) await new Promise((resolve) => setImmediate(resolve))
}

const heads = (reply: string) =>
  [...reply.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

test.for([
  ['its headers', 'GET /ok HTTP/1.1\r\nhost: x\r\nx-a: '],
  ['its body', 'POST /any HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nab'],
] as const)('a client that does not end %s gets a 408', async ([, bytes]) => {
  const reply = await server.send(bytes)
  expect(reply).toMatch(/^HTTP\/1\.1 408 /)
  expect(reply).toContain('LIMBER_REQUEST_TIMEOUT')
  await server.expectSound()
})

test.for(['FIN', 'RST'])('an upload that breaks off with %s is forgotten', async (how) => {
  const socket = await client()
  const before = server.ends.opened
  socket.write(
    'POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"te',
  )
  await until(() => server.ends.opened > before)
  if (how === 'FIN') socket.end()
  else socket.resetAndDestroy()
  await server.expectSound()
})

test('what a handler has done is kept, though its client goes before the reply', async () => {
  const socket = await client()
  const letGo = await holding(socket, hold())
  socket.resetAndDestroy()
  await noConnections()
  letGo()
  await until(() => server.ends.closed === server.ends.opened)
  expect(await server.notes()).toContain('held')
  await server.expectSound()
})

test('a client that goes in the middle of the commit does not stop it', async () => {
  const socket = await client()
  const letGo = await holding(socket, request('POST /commit', '{}'))
  socket.resetAndDestroy()
  await noConnections()
  letGo()
  await server.expectSound()
  expect(await server.notes()).toContain('committed')
})

test('a client that has closed its own half gets its reply', async () => {
  const socket = await client()
  const letGo = await holding(socket, hold())
  socket.end()
  letGo()
  expect(await text(socket)).toMatch('{"held":true}')
  await server.expectSound()
})

test('a client that goes in the middle of a stream ends it', async () => {
  const socket = await client()
  socket.write(request('GET /stream'))
  await once(socket, 'data')
  socket.resetAndDestroy()
  await server.expectSound()
})

test('a client that never reads its large reply holds no unit of work, and nobody up', async () => {
  const socket = await client()
  socket.pause()
  const before = server.ends.closed
  socket.write(request('GET /large'))
  await until(() => server.ends.closed > before)
  await server.expectSound()
  socket.destroy()
  await server.expectSound()
})

test('pipelined requests are answered in their order, the slow first one first', async () => {
  const socket = await client()
  const replies = text(socket)
  const letGo = await holding(
    socket,
    keepAlive('POST /hold') + keepAlive('GET /nowhere') + String(request('GET /ok')),
  )
  letGo()
  expect(heads(await replies)).toEqual([200, 404, 200])
  await server.expectSound()
})

test('a pipelined request that fails takes nothing with it', async () => {
  const note = '{"text":"after a failure"}'
  const reply = await server.send(keepAlive('POST /fail') + String(request('POST /notes', note)))
  expect(heads(reply)).toEqual([500, 200])
  expect(server.errors.splice(0)).toHaveLength(1)
  const notes = await server.notes()
  expect(notes).toContain('after a failure')
  expect(notes).not.toContain('failed')
  await server.expectSound()
})

test('bytes that are no HTTP behind a slow request end the connection, and are no answer to it', async () => {
  const socket = await client()
  const reply = text(socket).catch(() => 'reset')
  const letGo = await holding(socket, `${keepAlive('POST /hold')}nonsense\r\n\r\n`)
  letGo()
  expect(heads(await reply)).not.toContain(400)
  await server.expectSound()
})

test('a refused upload does not spoil the connection for the next request', async () => {
  const socket = await client()
  const replies = text(socket)
  socket.write('POST /any HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\ncontent-length: 4\r\n\r\nab')
  await once(socket, 'data')
  socket.write(`cd${String(request('GET /ok'))}`)
  expect(heads(await replies)).toEqual([415, 200])
  await server.expectSound()
})

test('a kept connection is let go when the server stops, with the reply that it waits for', async () => {
  const stopping = await new FaultApplication().start()
  const [idle, busy] = [await stopping.connect(), await stopping.connect()]
  idle.write(keepAlive('GET /ok'))
  await once(idle, 'data')
  busy.write(keepAlive('POST /hold'))
  await until(() => stopping.held.length > 0)
  const replies = Promise.all([text(idle), text(busy)])
  await stopping.stop()
  const [nothing, reply] = await replies
  expect([nothing, heads(reply)]).toEqual(['', [200]])
  expect(reply).toMatch(/connection: close/i)
  expect(stopping.ends.closed).toBe(stopping.ends.opened)
  expect(stopping.errors).toEqual([])
})
