import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { HttpKernel } from 'limber/http'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { Recorder, type ServeOptions, serving, withRoutes } from './serve-routes.ts'

/** A server with a route that answers when it is let go. */
async function slowly(options: ServeOptions = {}) {
  const started = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const recorder = new Recorder()
  let running = 0
  const served = await serving((router) => {
    router.get('/', () => 'hello')
    router.get('/slow', async ({ app }) => {
      recorder.join(app.currentScope())
      running++
      started.resolve()
      await letGo.promise
      return { done: true }
    })
  }, options)
  onTestFinished(() => letGo.resolve())
  const isRunning = async (count: number) => {
    while (running < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...served, recorder, started: started.promise, letGo: letGo.resolve, isRunning }
}

/** Waits until the server takes no more connections. */
async function closed(http: HttpKernel): Promise<void> {
  while (http.address !== undefined) await new Promise((resolve) => setImmediate(resolve))
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return agent
}

async function ask(url: string, agent: Agent): Promise<IncomingMessage & { body: string }> {
  const [reply]: IncomingMessage[] = await once(get(url, { agent }), 'response')
  if (!reply) throw new Error('No response.')
  return Object.assign(reply, { body: await text(reply) })
}

test('requests in flight finish, and stop waits for them', async () => {
  const { app, http, url, isRunning, letGo, recorder } = await slowly()
  const replies = Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/slow`)))
  await isRunning(50)
  let hasStopped = false
  const stopped = app.stop().then(() => {
    hasStopped = true
  })
  await closed(http)
  await expect(fetch(url)).rejects.toThrow()
  expect(hasStopped).toBe(false)
  letGo()
  const bodies = await Promise.all((await replies).map((reply) => reply.json()))
  expect(bodies).toEqual(Array.from({ length: 50 }, () => ({ done: true })))
  await stopped
  expect(recorder.calls.filter((call) => call === 'commit')).toHaveLength(50)
})

test('a client that keeps its connection is let go with its answer', async () => {
  const { app, url, started, letGo } = await slowly()
  const agent = keepAlive()
  const reply = ask(`${url}/slow`, agent)
  await started
  const stopped = app.stop()
  letGo()
  expect((await reply).headers.connection).toBe('close')
  await stopped
})

test('connections without a request do not hold up the stop', async () => {
  const { app, http, url } = await slowly()
  const agent = keepAlive()
  expect((await ask(url, agent)).body).toBe('hello')
  const silent = connect(Number(http.port), '127.0.0.1')
  await once(silent, 'connect')
  const gone = once(silent, 'close')
  const before = Date.now()
  await app.stop({ deadline: 60_000 })
  await gone
  expect(Date.now() - before).toBeLessThan(10_000)
})

test('a connection that was just opened has its request answered', async () => {
  const { app, http } = await slowly()
  const socket = connect(Number(http.port), '127.0.0.1')
  const answer = text(socket)
  await once(http.fastify.server, 'connection')
  const stopped = app.stop()
  await closed(http)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(await answer).toMatch(/^HTTP\/1.1 200 OK.*connection: close.*hello$/is)
  await stopped
})

test('a request that arrives later during the stop is turned away with a 503', async () => {
  const draining = Promise.withResolvers<void>()
  const { app, http, url, started, letGo } = await slowly({
    boot: (app) =>
      void app
        .make('http')
        .configure((fastify) => void fastify.addHook('preClose', async () => draining.resolve())),
  })
  const slow = fetch(`${url}/slow`)
  await started
  const socket = connect(Number(http.port), '127.0.0.1')
  const answer = text(socket)
  socket.write('GET / HTTP/1.1\r\n')
  await once(http.fastify.server, 'connection')
  const stopped = app.stop()
  await draining.promise
  socket.write('host: x\r\n\r\n')
  const [head = '', body = ''] = (await answer).split('\r\n\r\n')
  expect(head).toMatch('HTTP/1.1 503 Service Unavailable')
  expect(head.toLowerCase()).toMatch('connection: close')
  expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'LIMBER_SERVER_STOPPING' })
  letGo()
  expect((await slow).status).toBe(200)
  await stopped
})

test('what is not finished at the deadline is cut and rolled back', async () => {
  const { app, url, started, recorder, letGo, errors } = await slowly()
  const reply = fetch(`${url}/slow`)
  reply.catch(() => undefined)
  await started
  await app.stop({ deadline: 0 })
  await expect(reply).rejects.toThrow()
  expect(recorder.calls).toEqual(['rollback', 'close'])
  letGo()
  await new Promise((resolve) => setImmediate(resolve))
  expect(recorder.calls).toEqual(['rollback', 'close'])
  expect(errors).toEqual([])
})

test('a kernel that only answered injected requests ends with its application', async () => {
  const ended: string[] = []
  const { app, http } = await withRoutes((router) => router.get('/', () => 'hello'), {
    boot: (app) =>
      app.make('http').configure((fastify) => {
        fastify.addHook('onClose', async () => void ended.push('plugin'))
      }),
  })
  await http.inject('/')
  await app.stop()
  await app.stop()
  expect(ended).toEqual(['plugin'])
})

test('at the deadline the log names everything that is still open', async () => {
  const lines: { msg: string; open: object[] }[] = []
  const { app, url, started } = await slowly({
    boot: (app) =>
      void app.swap('log', pino({ level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) })),
  })
  const reply = fetch(`${url}/slow?secret=1`)
  reply.catch(() => undefined)
  await started
  await app.stop({ deadline: 0 })
  const request = { method: 'GET', route: '/slow', requestId: expect.any(String), age: expect.any(Number) }
  expect(lines).toMatchObject([
    {
      msg: '1 request was not finished in the time to stop, and is cut.',
      open: [
        { kind: 'reply', ...request },
        { kind: 'scope', ...request },
      ],
    },
  ])
})

test('with a delay a stop goes on serving while it says that it is not ready, and closes connections with their reply', async () => {
  const { app, url } = await slowly({ http: { drainDelay: 60_000 } })
  const agent = keepAlive()
  expect((await ask(url, agent)).headers.connection).toBe('keep-alive')
  const stopped = app.stop({ deadline: 1000 })
  const reply = await ask(url, agent)
  expect([reply.body, reply.headers.connection]).toEqual(['hello', 'close'])
  const ready = await fetch(`${url}/ready`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'stopping' }])
  expect((await fetch(`${url}/health`)).status).toBe(200)
  await stopped
  await expect(fetch(url)).rejects.toThrow()
})

test('a stop takes as long as the configuration says when nobody gives it a deadline', async () => {
  const { app, url, started, recorder } = await slowly({ http: { drainTimeout: 1 } })
  const reply = fetch(`${url}/slow`)
  reply.catch(() => undefined)
  await started
  await app.stop()
  expect(recorder.calls).toEqual(['rollback', 'close'])
})
