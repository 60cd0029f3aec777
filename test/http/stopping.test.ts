import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { Recorder, serving, withRoutes } from './serve-routes.ts'

/** A server with a route that answers when it is let go. */
async function slowly() {
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
  })
  onTestFinished(() => letGo.resolve())
  const isRunning = async (count: number) => {
    while (running < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...served, recorder, started: started.promise, letGo: letGo.resolve, isRunning }
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
  const { app, url, isRunning, letGo, recorder } = await slowly()
  const replies = Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/slow`)))
  await isRunning(50)
  let hasStopped = false
  const stopped = app.stop().then(() => {
    hasStopped = true
  })
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

test('a request that arrives during the stop is turned away with a 503', async () => {
  const { app, http, url, started, letGo } = await slowly()
  const slow = fetch(`${url}/slow`)
  await started
  const socket = connect(Number(http.port), '127.0.0.1')
  const answer = text(socket)
  await once(http.fastify.server, 'connection')
  const stopped = app.stop()
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
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
