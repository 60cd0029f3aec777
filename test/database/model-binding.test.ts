import { type Application, ServiceProvider } from 'limber'
import { bindModel, KeyedModel, Model } from 'limber/database'
import { Entity, ManyToOne, PrimaryKey, Property, type Ref } from 'limber/database/mapping'
import { type HttpContext, HttpServiceProvider, type RouteOptions, type Router } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from './support/every-database.ts'
import { bootLibrary } from './support/library-application.ts'

@Entity()
class Writer extends Model {
  @Property()
  name!: string
}

@Entity()
class Novel extends Model {
  static override softDelete = true

  @Property()
  slug!: string

  @ManyToOne(() => Writer, { ref: true })
  writer!: Ref<Writer>
}

@Entity()
class Ticket extends KeyedModel {
  @PrimaryKey({ type: 'uuid' })
  token!: string
}

@Entity()
class Coin extends KeyedModel {
  @PrimaryKey({ type: 'bigint' })
  number!: bigint

  @Property()
  metal!: string
}

const TOKEN = '8c1f9a52-0f0e-4c6c-9d55-2f4b8c7d1a10'

const showNovel = { bind: { novel: Novel } }
const showBySlug = { bind: { novel: bindModel(Novel, { by: 'slug', populate: ['writer'] }) } }
const showTrashed = { bind: { novel: bindModel(Novel, { withTrashed: true }) } }
const showNested = { bind: { writer: Writer, novel: bindModel(Novel, { of: 'writer' }) } }
const showTicket = { bind: { ticket: Ticket } }
const showCoin = { bind: { coin: Coin } }

const routes = (router: Router) => {
  router.get('/novels/:novel', ({ params }: HttpContext<typeof showNovel>) => params.novel.slug, showNovel)
  router.get(
    '/slugs/:novel',
    ({ params }: HttpContext<typeof showBySlug>) => params.novel.writer.$.name,
    showBySlug,
  )
  router.get('/all/:novel', ({ params }: HttpContext<typeof showTrashed>) => params.novel.slug, showTrashed)
  router.get(
    '/writers/:writer/novels/:novel',
    ({ params }: HttpContext<typeof showNested>) => `${params.writer.name}: ${params.novel.slug}`,
    showNested,
  )
  router.get(
    '/tickets/:ticket',
    ({ params }: HttpContext<typeof showTicket>) => params.ticket.token,
    showTicket,
  )
  router.get('/coins/:coin', ({ params }: HttpContext<typeof showCoin>) => params.coin.metal, showCoin)
  router.delete(
    '/novels/:novel',
    ({ params, app }: HttpContext<typeof showNovel>) => {
      app.make('db.session').remove(params.novel)
    },
    showNovel,
  )
}

class NovelsServiceProvider extends ServiceProvider {
  override boot() {
    routes(this.app.make('router'))
  }
}

async function seed(app: Application) {
  await app.ready(['db'])
  await app.make('db.connection').schema.create()
  await app.scope(async () => {
    const session = app.make('db.session')
    const [mary, percy] = ['Mary', 'Percy'].map((name) => session.create(Writer, { name }))
    await session.flush()
    for (const slug of ['frankenstein', 'valperga']) session.create(Novel, { slug, writer: mary ?? 1 })
    session.create(Novel, { slug: 'zastrozzi', writer: percy ?? 2 })
    session.create(Ticket, { token: TOKEN })
    session.create(Coin, { number: 9007199254740993n, metal: 'gold' })
    await session.flush()
    session.remove(await session.findOneOrFail(Novel, { slug: 'valperga' }))
  })
}

describe.each(await everyDatabase())('on $title', (database) => {
  test('a parameter of a path is the row that it names, or a 404', async () => {
    const { app } = await bootLibrary({
      driver: await database.create(),
      models: [Writer, Novel, Ticket, Coin],
      providers: [HttpServiceProvider, NovelsServiceProvider],
    })
    await seed(app)
    const http = app.make('http')
    const get = async (url: string) => {
      const reply = await http.inject(url)
      return reply.statusCode === 200 ? reply.body : `${reply.statusCode} ${reply.json().code}`
    }
    const missing = '404 LIMBER_MODEL_NOT_FOUND'

    expect(await get('/novels/1')).toBe('frankenstein')
    expect(await get('/slugs/frankenstein')).toBe('Mary')
    expect(await get('/writers/1/novels/1')).toBe('Mary: frankenstein')
    expect(await get(`/tickets/${TOKEN}`)).toBe(TOKEN)

    expect(await get('/novels/2'), 'in the trash').toBe(missing)
    expect(await get('/all/2')).toBe('valperga')
    expect(await get('/slugs/valperga'), 'in the trash').toBe(missing)
    expect(await get('/writers/2/novels/1'), 'of another').toBe(missing)
    expect(await get('/writers/9/novels/1'), 'of nobody').toBe(missing)
    for (const text of [
      '99',
      'one',
      '1.5',
      '1e0',
      '%20',
      '0x1',
      '99999999999999',
      '999999999999999999999',
      '-1',
    ]) {
      expect(await get(`/novels/${text}`), text).toBe(missing)
    }
    for (const text of ['a%00b', "'%20or%201=1", '%F0%9F%98%80']) {
      expect(await get(`/slugs/${text}`), text).toBe(missing)
    }
    expect(await get('/tickets/7'), 'not a uuid').toBe(missing)
    expect(await get(`/tickets/${TOKEN.toUpperCase()}`), 'in capitals').toBe(TOKEN)
    expect(await get('/coins/9007199254740993')).toBe('gold')
    for (const text of ['9223372036854775808', '9999999999999999999', '1n']) {
      expect(await get(`/coins/${text}`), text).toBe(missing)
    }

    expect((await http.inject({ method: 'DELETE', url: '/novels/1' })).statusCode).toBe(204)
    expect(await get('/novels/1')).toBe(missing)
  })
})

const WRONG: [string, RouteOptions, string][] = [
  ['a class that is no model', { bind: { novel: Date } }, 'Date is no model of its connection.'],
  [
    'a property that is not there',
    { bind: { novel: bindModel(Novel, { by: 'title' }) } },
    'no property "title"',
  ],
  [
    'a property that is a row itself',
    { bind: { novel: bindModel(Novel, { by: 'writer' }) } },
    'neither a text nor',
  ],
]

test.each(WRONG)('%s is refused before the first request', async (_case, options, reason) => {
  class WrongServiceProvider extends ServiceProvider {
    override boot() {
      this.app.make('router').get('/novels/:novel', () => 'never', options)
    }
  }
  const { app } = await bootLibrary({
    models: [Writer, Novel],
    providers: [HttpServiceProvider, WrongServiceProvider],
  })
  await app.ready(['db'])
  await expect(app.make('http').inject('/novels/1')).rejects.toThrow(
    expect.objectContaining({ code: 'LIMBER_INVALID_ROUTE', message: expect.stringContaining(reason) }),
  )
})
