/** @module Sends very many requests in a process of its own and prints what memory did: `node --expose-gc`. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { Application } from 'limber'
import { DatabaseServiceProvider, fromUrl } from 'limber/database'
import { type HttpContext, HttpServiceProvider } from 'limber/http'
import { pino } from 'pino'
import { z } from 'zod'
import { Author, Book } from '../../database/fixtures/library.ts'

const count = Number(process.env.SOAK_REQUESTS)
/** What each request is made to leave behind, to see that it would be noticed. */
const leaked = Number(process.env.SOAK_LEAK ?? 0)
const WINDOWS = 10
const TOGETHER = 20
const root = mkdtempSync(path.join(tmpdir(), 'limber-http-soak-'))

const app = new Application({
  root,
  config: {
    app: { name: 'soak', models: [Author, Book], providers: [] },
    database: { default: 'main', connections: { main: fromUrl('sqlite:soak.sqlite') } },
    http: { port: 0 },
  },
  providers: [(app) => new DatabaseServiceProvider(app), (app) => new HttpServiceProvider(app)],
})
app.instance('log', pino({ level: 'silent' }))
await app.boot()

const leak: string[] = []
const params = z.object({ id: z.coerce.number().int() })
const body = z.object({ name: z.string().min(1) })
const router = app.make('router')
const session = () => app.make('db.session')
/** Scopes that have begun and not ended. */
let open = 0
const nothing = async () => undefined
const close = async () => void open--
const guards = [
  {
    name: 'count',
    admit: () => {
      open++
      app.currentScope()?.enlist({ name: 'count', flush: nothing, commit: nothing, rollback: nothing, close })
      if (leaked > 0) leak.push(`${open}`.padEnd(leaked))
    },
  },
]
const find = ({ params: { id } }: HttpContext<typeof params>) => session().findOneOrFail(Author, id)
const rename = async ({
  params: { id },
  body: { name },
}: HttpContext<{ params: typeof params; body: typeof body }>) => {
  const author = await session().findOneOrFail(Author, id)
  author.name = name
  return author
}
router.get('/authors/:id', find, { params, guards })
router.put('/authors/:id', rename, { params, body, guards })
router.get('/thrown', () => Promise.reject(new Error('regret')), { guards })
router.post(
  '/undone',
  async () => {
    session().create(Author, { name: 'lost' })
    await session().flush()
    throw new Error('regret')
  },
  { guards },
)
router.post('/any', ({ body }) => body, { guards })
router.get('/stream', () => Readable.from(['Frank', 'en', 'stein']), { guards })
router.get('/endless', () => Readable.from(endless()), { guards })

async function* endless() {
  while (true) yield await Promise.resolve('x'.repeat(16_384))
}

await app.ready(['db'])
// The disk is not what is tested here.
await app.make('db.connection').execute('pragma synchronous = off')
await app.make('db.connection').schema.create()
await app.make('db.connection').execute("insert into author (id, name) values (1, 'Mary Shelley')")
await app.run(app.make('http'))
const port = Number(app.make('http').port)
const agent = new Agent({ keepAlive: true, maxSockets: TOGETHER })
const statuses: Record<string, number> = {}

async function send(method: string, url: string, content?: string): Promise<void> {
  const headers =
    content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length }
  const sent = request({ port, host: '127.0.0.1', agent, method, path: url, headers })
  sent.end(content)
  const [reply] = await once(sent, 'response')
  statuses[reply.statusCode] = (statuses[reply.statusCode] ?? 0) + 1
  reply.resume()
  await once(reply, 'close')
}

/** Sends what begins a request, and goes when the first bytes of an answer have come, or at once. */
async function goAway(bytes: string, isPatient: boolean): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(bytes)
  if (isPatient) await once(socket, 'data')
  socket.resetAndDestroy()
  statuses.gone = (statuses.gone ?? 0) + 1
}

/** In every hundred: mostly reads, then everything that can go another way. */
function one(index: number): Promise<void> {
  const turn = index % 100
  if (turn < 40) return send('GET', '/authors/1')
  if (turn < 55) return send('PUT', '/authors/1', `{"name":"name ${index}"}`)
  if (turn < 63) return send('PUT', '/authors/one', '{"name":""}')
  if (turn < 71) return send('GET', '/authors/99')
  if (turn < 77) return send('GET', '/nowhere')
  if (turn < 83) return send('GET', '/thrown')
  if (turn < 88) return send('POST', '/undone')
  if (turn < 91) return send('POST', '/any', '{"broken":')
  if (turn < 97) return send('GET', '/stream')
  if (turn < 98) return goAway('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n', true)
  if (turn < 99)
    return goAway(
      'POST /any HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nab',
      false,
    )
  return goAway('BREW / HTTP/1.1\r\n\r\n', false)
}

async function work(requests: number): Promise<void> {
  let next = 0
  const client = async () => {
    while (next < requests) await one(next++)
  }
  await Promise.all(Array.from({ length: TOGETHER }, client))
}

/** What is left when everything that can go has gone. */
async function heap(): Promise<number> {
  const connections = () => app.make('http').fastify.server
  for (let i = 0; i < 200 && open > 0; i++) await new Promise((resolve) => setImmediate(resolve))
  connections().closeIdleConnections()
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

await work(Math.ceil(count / WINDOWS))
const heaps: number[] = []
for (let window = 0; window < WINDOWS; window++) {
  await work(Math.ceil(count / WINDOWS))
  heaps.push(await heap())
}
// Whoever still held the writer would keep this waiting for ever, and a scope that is left would be counted.
await app.scope(async () => void (await session().nativeUpdate(Author, { id: 1 }, { name: 'last' })))
const result = { heaps, open, statuses, leaked: leak.length }
agent.destroy()
await app.stop({ deadline: 5000 })
rmSync(root, { recursive: true })
process.stdout.write(`${JSON.stringify(result)}\n`)
