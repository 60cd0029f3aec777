/** @module A server on SQLite that writes down how each unit of work ends, and clients that speak to its socket. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Application, type Scope } from 'limber'
import { DatabaseServiceProvider, fromUrl, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { type HttpConfig, HttpServiceProvider, type Router } from 'limber/http'
import { pino } from 'pino'
import { expect } from 'vitest'
import { z } from 'zod'
import { upload, writeFiles } from './abilities.ts'

@Entity()
export class Note extends Model {
  @Property()
  text!: string
}

const schemas = { body: z.object({ text: z.string(), year: z.number().int().optional() }) }

/** Counts units of work; guards run in them before anything is read. */
class ScopeEnds {
  readonly name = 'scope-ends'
  opened = 0
  closed = 0

  admit(_request: unknown, app: Application) {
    this.#join(app.currentScope())
  }

  #join(scope: Scope | undefined) {
    this.opened++
    const nothing = async () => undefined
    const close = async () => {
      this.closed++
    }
    scope?.enlist({ name: 'scope-ends', flush: nothing, commit: nothing, rollback: nothing, close })
  }
}

export class FaultApplication {
  readonly ends = new ScopeEnds()
  /** What has been logged at level error. */
  readonly errors: unknown[] = []
  readonly app: Application
  /** Handlers of `/hold` and commits of `/commit` that are running, with what lets each go. */
  readonly held: (() => void)[] = []
  readonly #root = mkdtempSync(path.join(tmpdir(), 'limber-faults-'))

  constructor(http: HttpConfig = {}) {
    writeFiles(this.#root)
    this.app = new Application({
      root: this.#root,
      config: {
        app: { name: 'faults', models: [Note], providers: [] },
        database: { default: 'main', connections: { main: fromUrl('sqlite:faults.sqlite') } },
        http: { port: 0, ...http },
      },
      providers: [(app) => new DatabaseServiceProvider(app), (app) => new HttpServiceProvider(app)],
    })
    const lines = new Writable({
      write: (chunk, _encoding, done) => {
        this.errors.push(JSON.parse(String(chunk)))
        done()
      },
    })
    this.app.instance('log', pino({ level: 'error' }, lines))
  }

  async start(): Promise<this> {
    await this.app.boot()
    this.#addRoutes(this.app.make('router'))
    await this.app.ready(['db'])
    await this.app.make('db.connection').schema.create()
    await this.app.run(this.app.make('http'))
    return this
  }

  async stop(): Promise<void> {
    const stopped = this.app.stop()
    for (const letGo of this.held) letGo()
    await stopped
    rmSync(this.#root, { recursive: true })
  }

  get port(): number {
    return Number(this.app.make('http').port)
  }

  async connect(): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true })
    // A reset is one of the answers that are looked for.
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }

  /** Sends bytes and gives all that comes back until the server ends the connection. */
  async send(bytes: string | Uint8Array): Promise<string> {
    const socket = await this.connect()
    socket.write(bytes)
    const reply = await text(socket).catch(() => '')
    socket.destroy()
    return reply
  }

  async notes(): Promise<string[]> {
    return this.app.scope(async () => {
      const notes = await this.app.make('db.session').find(Note, {}, { orderBy: { id: 'asc' } })
      return notes.map((note) => note.text)
    })
  }

  /** Nothing is left of any request: the server answers, units of work are closed, nobody holds the database. */
  async expectSound(): Promise<void> {
    await until(() => this.ends.closed === this.ends.opened)
    const before = this.ends.opened
    const reply = await this.send(request('POST /notes', '{"text":"sound"}'))
    expect(reply).toMatch(/^HTTP\/1\.1 200 /)
    await until(() => this.ends.closed === before + 1)
    expect(this.ends.opened).toBe(before + 1)
    expect(this.errors.splice(0)).toEqual([])
  }

  #addRoutes(router: Router): void {
    const options = { guards: [this.ends] }
    const write = (words: string) => this.app.make('db.session').create(Note, { text: words })
    router.get('/ok', ({ query }) => query, options)
    router.get('/notes/:text', ({ params }) => params, options)
    router.post('/any', ({ body }) => body, options)
    router.post('/upload', upload, options)
    router.post('/text', ({ body }) => body, options)
    router.post('/notes', ({ body }) => ({ id: write(body.text).text }), { ...options, ...schemas })
    router.post(
      '/hold',
      async () => {
        write('held')
        await this.app.make('db.session').flush()
        await new Promise<void>((resolve) => this.held.push(resolve))
        return { held: true }
      },
      options,
    )
    router.post(
      '/commit',
      () => {
        write('committed')
        const nothing = async () => undefined
        const commit = () => new Promise<void>((resolve) => this.held.push(resolve))
        const slow = { name: 'slow', flush: nothing, commit, rollback: nothing, close: nothing }
        const scope = this.app.currentScope()
        scope?.enlist(slow)
        scope?.wrote(slow)
        return { committed: true }
      },
      options,
    )
    router.post(
      '/fail',
      async () => {
        write('failed')
        await this.app.make('db.session').flush()
        throw new Error('The shelf is full.')
      },
      options,
    )
    router.get('/large', () => Buffer.alloc(64 * 1024 * 1024), options)
    router.get('/stream', () => Readable.from(endless()), options)
  }
}

async function* endless() {
  while (true) yield await Promise.resolve('x'.repeat(65_536))
}

/** A request with everything that belongs to it, after which the server ends the connection. */
export function request(line: string, body?: string | Uint8Array, ...headers: string[]): Buffer {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]
  const type =
    body === undefined || headers.some((header) => header.startsWith('content-type')) ? [] : [JSON_TYPE]
  const head = [`${line} HTTP/1.1`, 'host: x', 'connection: close', ...type, ...length, ...headers]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body ?? '')])
}

const JSON_TYPE = 'content-type: application/json'

/** Lets the event loop go on until something is so; the time limit of the test ends what never is. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}
