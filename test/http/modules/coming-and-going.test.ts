import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { withRoutes } from '../serve-routes.ts'
import { addModule, partOf, served } from './modules-of-routes.ts'

/** A route that answers when it is let go. */
function gate() {
  const started = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<string>()
  onTestFinished(() => letGo.resolve('over'))
  const wait = () => {
    started.resolve()
    return letGo.promise
  }
  return { started: started.promise, letGo: letGo.resolve, wait }
}

test('routes need the permission of a module to use HTTP', async () => {
  const { app } = await withRoutes(() => undefined)
  expect(partOf(app).permission).toBe('use_http')
})

test('routes that are there before the server are answered when it listens', async () => {
  const { app, http } = await withRoutes((router) => router.get('/own', () => 'own'))
  await addModule(app, 'shop', (router) => router.get('/shop', () => 'shop'))
  await addModule(app, 'blog', async (router) => router.get('/blog', () => 'blog'))
  await app.run(http)
  const replies = ['/own', '/shop', '/blog'].map(async (path) => (await fetch(http.address + path)).text())
  expect(await Promise.all(replies)).toEqual(['own', 'shop', 'blog'])
})

test('routes come and go while the server listens', async () => {
  const { app, http, url } = await served()
  expect((await fetch(`${url}/shop`)).status).toBe(404)
  const remove = await addModule(app, 'shop', (router) => router.get('/shop', () => 'shop'))
  expect(await (await fetch(`${url}/shop`)).text()).toBe('shop')
  expect((await http.inject('/shop')).body).toBe('shop')
  expect(await (await fetch(`${url}/own`)).text()).toBe('own')
  await remove()
  await remove()
  const gone = await fetch(`${url}/shop`)
  expect(gone.status).toBe(404)
  expect(await gone.json()).toMatchObject({ code: 'LIMBER_ROUTE_NOT_FOUND' })
  expect((await http.inject('/shop')).statusCode).toBe(404)
  expect(await (await fetch(`${url}/own`)).text()).toBe('own')
})

test('a module that is loaded again answers with its new code', async () => {
  const { app, url } = await served()
  for (const version of ['one', 'two', 'three']) {
    const remove = await addModule(app, 'shop', (router) => router.get('/shop', () => version))
    expect(await (await fetch(`${url}/shop`)).text()).toBe(version)
    await remove()
  }
})

test('a request in flight finishes before its module is gone, and its connection lives on', async () => {
  const { app, http, url } = await served()
  const { started, letGo, wait } = gate()
  const remove = await addModule(app, 'shop', (router) => router.get('/slow', wait))
  // Then a server has to be built before the routes are gone from it.
  await addModule(app, 'blog', (router) => router.get('/blog', () => 'blog'))
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const slow = ask(`${url}/slow`, agent)
  await started
  let isGone = false
  const removed = remove().then(() => {
    isGone = true
  })
  expect((await http.inject('/slow')).statusCode).toBe(404)
  expect(isGone).toBe(false)
  letGo('done')
  const { body, port } = await slow
  expect(body).toBe('done')
  await removed
  const next = await ask(`${url}/own`, agent)
  expect(next).toEqual({ status: 200, body: 'own', port })
})

test('a request that is not finished at the deadline is cut, and rolled back', async () => {
  const { app, url, errors } = await served()
  const { started, wait } = gate()
  const remove = await addModule(app, 'shop', (router) => router.get('/slow', wait))
  const slow = fetch(`${url}/slow`).catch((error: Error) => error)
  await started
  await remove(0)
  expect(await slow).toBeInstanceOf(Error)
  expect(errors).toEqual([])
  expect(await (await fetch(`${url}/own`)).text()).toBe('own')
})

test('a request of the application that began before a module came is finished', async () => {
  const { started, letGo, wait } = gate()
  const { app, url } = await served({}, (router) => router.get('/slow', wait))
  const first = await addModule(app, 'shop', (router) => router.get('/shop', () => 'shop'))
  const slow = fetch(`${url}/slow`)
  await started
  await addModule(app, 'blog', (router) => router.get('/blog', () => 'blog'))
  await first()
  letGo('done')
  expect(await (await slow).text()).toBe('done')
})

test('a stop waits for requests of modules', async () => {
  const { app, url } = await served()
  const { started, letGo, wait } = gate()
  await addModule(app, 'shop', (router) => router.get('/slow', wait))
  const slow = fetch(`${url}/slow`)
  await started
  const stopped = app.stop({ deadline: 10_000 })
  letGo('done')
  expect(await (await slow).text()).toBe('done')
  await stopped
})

test('whoever asks while modules come and go sees the route or none, and the application always', async () => {
  const { app, url } = await served()
  let isOver = false
  const statuses = { own: new Set<number>(), shop: new Set<number>() }
  const hammer = async (path: 'own' | 'shop') => {
    while (!isOver) {
      const reply = await fetch(`${url}/${path}`)
      await reply.text()
      statuses[path].add(reply.status)
    }
  }
  const clients = [hammer('own'), hammer('own'), hammer('shop'), hammer('shop')]
  for (let round = 0; round < 20; round++) {
    const remove = await addModule(app, 'shop', (router) => router.get('/shop', () => round))
    expect(await (await fetch(`${url}/shop`)).json()).toBe(round)
    await remove()
  }
  isOver = true
  await Promise.all(clients)
  expect([...statuses.own]).toEqual([200])
  expect([...statuses.shop].filter((status) => status !== 200 && status !== 404)).toEqual([])
})

async function ask(url: string, agent: Agent) {
  const [reply]: IncomingMessage[] = await once(get(url, { agent }), 'response')
  if (!reply) throw new Error('No response.')
  const { localPort: port } = reply.socket
  return { status: reply.statusCode, body: await text(reply), port }
}
