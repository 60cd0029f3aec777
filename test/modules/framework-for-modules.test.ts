import { AuthServiceProvider } from 'limber/auth'
import { CacheServiceProvider, cacheSessions } from 'limber/cache'
import { databaseStore, Model, modelApiKeys, modelUsers } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { HttpServiceProvider } from 'limber/http'
import { TestApplication } from 'limber/testing'
import { expect, it } from 'vitest'
import { type ModuleFiles, withModules } from '../support/module-folder.ts'

@Entity()
class Customer extends Model {
  @Property({ unique: true })
  email!: string

  @Property({ nullable: true })
  passwordHash?: string
}

@Entity()
class CustomerKey extends Model {
  @Property()
  name!: string

  @Property({ unique: true })
  prefix!: string

  @Property()
  digest!: string

  @Property({ type: 'json' })
  abilities!: string[]

  @Property({ type: 'datetime', nullable: true })
  expiresAt?: Date | null

  @ManyToOne(() => Customer, { ref: true })
  user!: Ref<Customer>
}

class Till {
  readonly name = 'till'
}

/** A policy of the application, which looks something up in its database. */
class TillPolicy {
  static readonly model = Till
  static readonly guests = ['open']

  async open() {
    return (await Customer.all()).length > 0
  }
}

const PROVIDER = `
import { ModuleProvider } from 'limber/modules'
export class Shop extends ModuleProvider {
  seen: unknown[] = []
  async onInit() {
    this.seen.push(await this.app.make('cache').getOrSet('first', () => 'made'))
    this.seen.push(await this.app.make('cache.locker').run('till', {}, () => 'locked'))
    this.seen.push((await this.app.make('auth').findUser()) ?? 'nobody')
    this.seen.push(typeof (await this.app.make('hash').make('secret')))
    this.seen.push((await this.app.make('auth').attempt({ login: 'ada@shop.example', password: 'secret' })).email)
    this.seen.push(await this.app.make('auth').can('open', new (globalThis as any).Till()))
  }
}`

const PAY = `
import { inject, injectable } from 'limber'
import { defineCommand, Output } from 'limber/console'
@injectable()
export class Pay {
  static readonly definition = defineCommand({ name: 'pay', description: 'Pays.' })
  constructor(@inject('output') private readonly output: Output, @inject('app') private readonly app: any, @inject('auth') private readonly auth: any) {}
  async run() {
    this.auth.actAs(await this.auth.attempt({ login: 'ada@shop.example', password: 'secret' }))
    this.output.line((await this.auth.findUser()).email + ' ' + await this.app.make('cache').getOrSet('first', () => 'made'))
    this.output.line(this.app.make('modules.databases') ? 'x' : 'y')
  }
}`

const shop: ModuleFiles = {
  manifest: 'permissions: [use_http]',
  files: {
    'routes.ts': `
import { anyOf, apiKey, basic, bearer, session } from 'limber/auth'
import { throttle } from 'limber/cache'
const me = async ({ request, app }: any) => ({ user: request.user?.id ?? null, found: (await app.make('auth').findUser())?.email })
export default (router: any) => {
  router.get('/key', me, { guards: [apiKey()] })
  router.get('/basic', me, { guards: [basic()] })
  router.get('/token', me, { guards: [bearer()] })
  router.get('/session', me, { guards: [session()] })
  router.get('/any', me, { guards: [anyOf(session(), basic(), apiKey(), bearer())] })
  router.get('/often', me, { guards: [throttle({ max: 1 })] })
  router.post('/login', async ({ request, app }: any) => {
    const auth = app.make('auth')
    await auth.login(await auth.attempt({ login: request.headers['x-login'], password: request.headers['x-password'] }))
    return {}
  })
  router.post('/keys', async ({ app }: any) => {
    const auth = app.make('auth')
    return { key: await auth.issueApiKey({ user: await auth.authorise(), name: 'mine' }) }
  }, { guards: [basic()] })
  router.get('/services', async ({ app }: any) => {
    const cache = await app.make('cache').getOrSet('stock', () => 7)
    await app.make('cache').set('price', 3)
    const locked = await app.make('cache.locker').run('till', {}, () => 'locked')
    await app.make('limiter').hit('door', { max: 1, window: 1000 })
    app.make('log').info('sold')
    return { cache, locked }
  })
  router.get('/database', ({ app }: any) => app.make('db').ping())
}`,
    'provider.ts': PROVIDER,
  },
}

const clerk: ModuleFiles = { files: { 'provider.ts': PROVIDER, 'commands/pay.ts': PAY } }

async function opened() {
  const world = await withModules(
    { shop, clerk },
    {
      providers: [HttpServiceProvider, CacheServiceProvider, AuthServiceProvider],
      app: { models: [Customer, CustomerKey] },
      config: {
        cache: { stores: { main: databaseStore() } },
        http: { port: 0, cookies: { secret: 's'.repeat(32) }, sessions: { store: cacheSessions() } },
        auth: {
          users: modelUsers({ model: Customer, login: 'email', password: 'passwordHash' }),
          apiKeys: modelApiKeys({ model: CustomerKey }),
          jwt: {
            issuer: 'https://shop.example',
            audience: 'shop',
            keys: [
              {
                kid: 'one',
                algorithm: 'HS256',
                secret: 'a secret of this test that is longer than 32 bytes',
              },
            ],
          },
          hash: { memory: 64, passes: 1 },
          policies: [TillPolicy],
        },
      },
    },
  )
  const { app } = world
  Object.assign(globalThis, { Till })
  await app.boot()
  await app.ready(['db'])
  await app.make('db.connection').schema.create()
  const passwordHash = await app.make('hash').make('secret')
  const sql = 'insert into customer (email, password_hash) values (?, ?)'
  await app.make('db.connection').execute(sql, ['ada@shop.example', passwordHash])
  await app.scope(() => undefined)
  await app.run(app.make('http'))
  const url = String(app.make('http').address)
  const get = (path: string, headers = {}) => fetch(url + path, { headers })
  const post = (path: string, headers = {}) => fetch(url + path, { headers, method: 'POST' })
  return { ...world, get, post }
}

const basicOf = (password: string) => ({
  authorization: `Basic ${Buffer.from(`ada@shop.example:${password}`).toString('base64')}`,
})
const ADA = { user: 1, found: 'ada@shop.example' }
const SEEN = ['made', 'locked', 'nobody', 'string', 'ada@shop.example', true]

async function told(reply: Promise<Response>) {
  const { status, json } = await reply.then((got) => ({ status: got.status, json: got.json() }))
  const body = Object(await json)
  return status === 200 ? { status, ...body } : { status, code: body.code }
}

it('hooks use users, policies, caches, locks and hashes of the application, whose database they may not', async () => {
  const { app, warnings } = await opened()
  expect(warnings()).toEqual([])
  for (const name of ['shop', 'clerk']) {
    expect(Object(app.make('modules').get(name)).seen).toEqual(SEEN)
  }
})

it('commands use them too, and are refused what is guarded all the same', async () => {
  const { app } = await opened()
  const { stdout, stderr } = await new TestApplication(app).run('pay')
  expect(stdout).toBe('ada@shop.example made\n')
  expect(stderr).toContain('Module "clerk" asked for "modules.databases" without the permission use_loader.')
})

it('routes let pass whom the guards know, and nobody else, without a permission for the database', async () => {
  const { app, get, post } = await opened()
  const wrong = (code: string) => ({ status: 401, code })
  expect(await told(get('/basic', basicOf('secret')))).toEqual({ status: 200, ...ADA })
  expect(await told(get('/basic', basicOf('wrong')))).toEqual(wrong('LIMBER_INVALID_CREDENTIALS'))
  const { key } = Object(await (await post('/keys', basicOf('secret'))).json())
  expect(await told(get('/key', { 'x-api-key': key }))).toEqual({ status: 200, ...ADA })
  expect(await told(get('/key', { 'x-api-key': `${key}x` }))).toEqual(wrong('LIMBER_UNAUTHENTICATED'))
  const user = () => app.make('auth').attempt({ login: 'ada@shop.example', password: 'secret' })
  const token = await app.scope(async () => app.make('auth').issueToken(await user()))
  expect(await told(get('/token', { authorization: `Bearer ${token}` }))).toEqual({ status: 200, ...ADA })
  expect(await told(get('/token', { authorization: `Bearer ${token}x` }))).toEqual(
    wrong('LIMBER_INVALID_TOKEN'),
  )
  const login = await post('/login', { 'x-login': 'ada@shop.example', 'x-password': 'secret' })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(await told(get('/session', { cookie }))).toEqual({ status: 200, ...ADA })
  expect(await told(get('/any', { cookie }))).toEqual({ status: 200, ...ADA })
  expect(await told(get('/session'))).toEqual(wrong('LIMBER_UNAUTHENTICATED'))
})

it('routes are throttled and cached by the application, and never given its database', async () => {
  const { get, warnings } = await opened()
  expect(await told(get('/often'))).toMatchObject({ status: 200 })
  expect(await told(get('/often'))).toEqual({ status: 429, code: 'LIMBER_TOO_MANY_REQUESTS' })
  expect(await told(get('/services'))).toEqual({ status: 200, cache: 7, locked: 'locked' })
  expect(await told(get('/database'))).toEqual({ status: 500, code: 'LIMBER_MODULE_PERMISSION' })
  expect(warnings()).toEqual(['Module "shop" asked for "db" without the permission use_app_db.'])
})
