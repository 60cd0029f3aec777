import { cursorQuery, type HttpContext, pageOf, pageQuery, paginate } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { withRoutes } from './serve-routes.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => ({ letter, secret: 'hidden' }))

const listLetters = {
  query: pageQuery({
    perPage: 10,
    max: 20,
    filters: z.object({ from: z.string().length(1).optional(), tag: z.array(z.string()).optional() }),
  }),
  response: pageOf(z.object({ letter: z.string() })),
}

const list = async () => {
  const { http } = await withRoutes((router) =>
    router.get(
      '/letters',
      (context: HttpContext<typeof listLetters>) => {
        const { from = 'a', offset, perPage } = context.query
        const all = letters.filter(({ letter }) => letter >= from)
        return paginate(context, [all.slice(offset, offset + perPage), all.length])
      },
      listLetters,
    ),
  )
  return async (url: string) => (await http.inject(url)).json()
}

const textOf = (page: { data: { letter: string }[] }) => page.data.map(({ letter }) => letter).join('')

test('a page has its items, how many there are in all, and links to the others', async () => {
  const get = await list()
  const first = await get('/letters')
  expect(textOf(first)).toBe('abcdefghij')
  expect(first.meta).toEqual({ page: 1, perPage: 10, total: 26, pages: 3 })
  expect(first.links).toEqual({
    first: '/letters?page=1',
    prev: null,
    next: '/letters?page=2',
    last: '/letters?page=3',
  })
  const last = await get(first.links.last)
  expect(textOf(last)).toBe('uvwxyz')
  expect(last.links).toMatchObject({ prev: '/letters?page=2', next: null })
})

test('links keep the rest of the query, also what is repeated or needs encoding', async () => {
  const get = await list()
  const page = await get('/letters?from=k&tag=a%26b&tag=c&perPage=5&page=2')
  expect(textOf(page)).toBe('pqrst')
  expect(page.links.next).toBe('/letters?from=k&tag=a%26b&tag=c&perPage=5&page=3')
  expect(textOf(await get(page.links.prev))).toBe('klmno')
})

test('items are cut to their schema', async () => {
  const get = await list()
  expect(JSON.stringify(await get('/letters'))).not.toContain('hidden')
})

test('a page behind the last is empty, with a link to the last', async () => {
  const get = await list()
  const page = await get('/letters?page=9')
  expect(page.data).toEqual([])
  expect(page.links).toMatchObject({ prev: '/letters?page=3', next: null })
})

test('a list without items has one page', async () => {
  const get = await list()
  const page = await get('/letters?from=~')
  expect(page.meta).toMatchObject({ total: 0, pages: 1 })
  expect(page.links).toMatchObject({ prev: null, next: null, first: page.links.last })
})

test('a place that is no page is a 422 that names every fault, those of the filters too', async () => {
  const get = await list()
  const faults = async (query: string) =>
    (await get(`/letters?${query}`)).errors?.map(({ path }: { path: string }) => path)
  for (const page of ['0', '-1', 'x', '1.5', '1e3', '1000001', '', '%20']) {
    expect(await faults(`page=${page}`), page).toEqual(['query.page'])
  }
  expect(await faults('perPage=21')).toEqual(['query.perPage'])
  expect(await faults('page=x&perPage=0&from=ab')).toEqual(['query.page', 'query.perPage', 'query.from'])
  expect(await faults('page=1&page=2')).toEqual(['query.page'])
})

test('a cursor query asks for one direction, and for not too many', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/', ({ query }) => query, { query: cursorQuery({ limit: 3, max: 5 }) }),
  )
  const place = Buffer.from('[1]').toString('base64url')
  const get = async (query: string) => (await http.inject(`/?${query}`)).json()
  expect(await get('')).toEqual({ window: { first: 3 } })
  expect(await get(`after=${place}&limit=5`)).toEqual({ window: { first: 5, after: place } })
  expect(await get(`before=${place}`)).toEqual({ window: { last: 3, before: place } })
  expect((await get(`before=${place}&after=${place}`)).errors[0].path).toBe('query.before')
  expect((await get('limit=6')).errors[0].path).toBe('query.limit')
  expect((await get('after=x')).errors[0].path).toBe('query.after')
})

test('links keep a query with a second question mark', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/', (context) => paginate(context, [[], 40]), { query: pageQuery() }),
  )
  const linksOf = async (url: string) => (await http.inject(url)).json().links
  expect((await linksOf('/?title=who?&tag=x')).next).toBe('/?title=who%3F&tag=x&page=2')
})

test('items are written as their schema makes them, also where JSON Schema has no words for it', async () => {
  const tags = z.array(z.string()).transform((list) => new Set(list))
  const { http } = await withRoutes((router) =>
    router.get('/', (context) => paginate(context, [[{ tags: ['a'] }], 1]), {
      query: pageQuery(),
      response: pageOf(z.object({ tags })),
    }),
  )
  expect((await http.inject('/')).json().data).toEqual([{ tags: ['a'] }])
})
