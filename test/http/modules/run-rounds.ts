/** @module Loads and unloads a module very often in a process of its own, and prints what is left: `node --expose-gc`. */
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { Application } from 'limber'
import { HttpServiceProvider, type Router } from 'limber/http'
import { pino } from 'pino'
import { partOwner } from '../../support/part-owner.ts'

const rounds = Number(process.env.ROUNDS)
const WARM = 20

const app = new Application({
  root: process.cwd(),
  config: {
    app: { name: 'rounds', routes: 'test/http/modules/no-routes.ts' },
    http: { port: 0, openapi: { reference: false }, keepAliveTimeout: 600_000 },
  },
  providers: [(app) => new HttpServiceProvider(app)],
})
app.instance('log', pino({ level: 'silent' }))
await app.boot()
app.make('router').get('/own', () => 'own')
await app.run(app.make('http'))
const part = app.tagged('module part').find(({ name }) => name === 'routes')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
/** Clients who ask once, and keep their connection. */
const idle = new Agent({ keepAlive: true, maxFreeSockets: WARM, timeout: 0 })
const handlers: WeakRef<object>[] = []
const replies = new Set<string>()

async function ask(path: string, by = agent): Promise<string> {
  const [reply] = await once(get(app.make('http').address + path, { agent: by }), 'response')
  return text(reply)
}

async function round(number: number): Promise<void> {
  const handler = () => `${number}`
  handlers.push(new WeakRef(handler))
  const routes = (router: Router) => {
    router.get('/shop', handler)
    router.sse('/ticks', handler as never)
  }
  const remove = await part?.add(partOwner('shop'), [{ path: 'routes.ts', exports: { default: routes } }])
  if ((await ask('/shop')) === `${number}`) replies.add('new code')
  else replies.add('old code')
  // Each of them at the same time as the others: a connection of its own.
  if (number === 0) await Promise.all(Array.from({ length: 5 }, () => ask('/shop', idle)))
  await remove?.(Date.now() + 10_000)
  replies.add(await ask('/own'))
}

async function measure() {
  // What is closed in one round of the event loop is let go in the next ones.
  for (let times = 0; times < 5; times++) {
    await setImmediate()
    globalThis.gc?.()
  }
  return { resources: process.getActiveResourcesInfo().sort(), heap: process.memoryUsage().heapUsed }
}

for (let number = 0; number < WARM; number++) await round(number)
const before = await measure()
for (let number = WARM; number < rounds; number++) await round(number)
const after = await measure()
const alive = handlers.flatMap((handler, number) => (handler.deref() === undefined ? [] : number))
agent.destroy()
idle.destroy()
await app.stop()
console.info(JSON.stringify({ before, after, alive, replies: [...replies] }))
