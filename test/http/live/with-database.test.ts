import { connect } from 'node:net'
import { type AppDefinition, inject, injectable, ServiceProvider } from 'limber'
import { Model, type Session } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import type { Router } from 'limber/http'
import { createTestApplication } from 'limber/testing'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { talkTo } from './talk.ts'

const MESSAGES = 1_000

@Entity()
class Account extends Model {
  @Property({ unique: true })
  name!: string

  @Property({ hidden: true })
  password!: string
}

/** The application of the skeleton with accounts, and routes of the test, listening. */
async function accounts(names: readonly string[], add: (router: Router) => void) {
  class RoutesServiceProvider extends ServiceProvider {
    override boot() {
      add(this.app.make('router'))
    }
  }
  const extended = ({ providers, models = [], ...app }: AppDefinition): AppDefinition => ({
    ...app,
    providers: [...providers, RoutesServiceProvider],
    models: [...models, Account],
  })
  const http = (section: object | undefined) => ({ ...section, port: 0 })
  const log = () => ({ level: 'silent' })
  const test = await createTestApplication({ migrate: false, config: { app: extended, http, log } })
  onTestFinished(() => test[Symbol.asyncDispose]())
  const { app } = test
  await app.run(app.make('http'))
  const connection = app.make('db').connection()
  await connection.schema.create()
  await app.scope(() => {
    for (const name of names) app.make('db.session').create(Account, { name, password: 'secret' })
  })
  const count = () => app.scope(() => app.make('db.session').count(Account))
  return {
    app,
    connection,
    count,
    url: String(app.make('http').address),
    port: Number(app.make('http').port),
  }
}

const NAMES = ['Ada', 'Grace', 'Mary']

test('entities are streamed from the database, and what is hidden stays there', async () => {
  const { url, connection } = await accounts(NAMES, (router) => {
    const all = (session: Session) => session.stream(Account, { orderBy: { id: 'asc' } })
    router.get('/accounts', ({ app }) => all(app.make('db.session')))
    router.get('/names', ({ app }) => all(app.make('db.session')), { stream: z.object({ name: z.string() }) })
  })
  const lines = (await (await fetch(`${url}/accounts`)).text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(NAMES)
  expect(lines.join()).not.toContain('password')
  expect(await (await fetch(`${url}/names`)).text()).toBe(
    '{"name":"Ada"}\n{"name":"Grace"}\n{"name":"Mary"}\n',
  )
  expect(connection.pool).toMatchObject({ inUse: 0, waiting: 0 })
})

test('a client that goes in the middle of a query gives its connection back', async () => {
  const many = Array.from({ length: 500 }, (_, n) => `${n} ${'long '.repeat(2_000)}`)
  const ended = Promise.withResolvers<void>()
  const { connection, port } = await accounts(many, (router) =>
    router.get('/accounts', async function* ({ app }) {
      try {
        yield* app.make('db.session').stream(Account)
      } finally {
        ended.resolve()
      }
    }),
  )
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /accounts HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  socket.destroy()
  await ended.promise
  while (connection.pool.inUse > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a step of events writes and is committed before its event is sent, with a session of its own', async () => {
  const sessions = new Set<unknown>()
  const seen: number[] = []
  const { url, count } = await accounts([], (router) =>
    router.sse('/register', async function* ({ app }) {
      for (const name of NAMES) {
        sessions.add(app.make('db.session').id)
        yield { data: app.make('db.session').create(Account, { name, password: 'secret' }) }
        seen.push(await count())
      }
    }),
  )
  const text = await (await fetch(`${url}/register`)).text()
  expect(text.match(/"id":\d/g)).toEqual(['"id":1', '"id":2', '"id":3'])
  expect(text).not.toContain('password')
  expect(seen).toEqual([1, 2, 3])
  expect(sessions.size).toBe(3)
})

const registration = {
  message: z.object({ name: z.string() }),
  sends: z.object({ account: z.object({ id: z.number(), name: z.string() }), session: z.number() }),
}

@injectable()
class RegistrationController {
  constructor(@inject('db.session') private readonly session: Session) {}

  async message({ name }: z.output<typeof registration.message>) {
    const account = this.session.create(Account, { name, password: 'secret' })
    if (name.startsWith('bad')) {
      // Written, and rolled back with its message.
      await this.session.flush()
      throw new Error(`${name} is not wanted`)
    }
    return { account, session: Number(this.session.id), password: account.password }
  }
}

test('1,000 messages of one connection have a session each, an error undoes its own, and nothing is left over', async () => {
  const { url, app, count, connection } = await accounts([], (router) =>
    router.ws('/register', RegistrationController, registration),
  )
  const { say, hear, socket, closed } = await talkTo(`${url}/register`)
  const isBad = (n: number) => n % 10 === 0
  for (let n = 0; n < MESSAGES; n++) say({ name: `${isBad(n) ? 'bad' : 'good'} ${n}` })
  const sessions = new Set<unknown>()
  for (let n = 0; n < MESSAGES; n++) {
    const answer = Object(await hear())
    if (isBad(n)) expect(answer).toMatchObject({ error: { status: 500, message: n + 1 } })
    else expect(Object.keys(answer)).toEqual(['account', 'session'])
    if (!isBad(n)) sessions.add(answer.session)
    if (!isBad(n)) expect(answer.account.name).toBe(`good ${n}`)
  }
  expect(sessions.size).toBe(MESSAGES - MESSAGES / 10)
  expect(await count()).toBe(MESSAGES - MESSAGES / 10)
  socket.close()
  await closed
  // It would wait for a scope that is still open until its deadline, and then say so.
  expect(connection.pool).toMatchObject({ inUse: 0, waiting: 0 })
  await app.stop({ deadline: 60_000 })
})
