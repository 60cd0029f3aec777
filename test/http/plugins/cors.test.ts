import type { CorsConfig } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { withRoutes } from '../serve-routes.ts'

const APP = 'https://app.example.com'
const EVIL = 'https://evil.example'

async function serving(cors: CorsConfig) {
  const { http } = await withRoutes(
    (router) => {
      router.get('/books/:id', () => ({ id: 1 }))
      router.delete('/books/:id', () => undefined)
      router.options('/options', () => 'mine')
    },
    { http: { cors } },
  )
  const send = async (method: 'GET' | 'OPTIONS', url: string, headers: Record<string, string>) => {
    const reply = await http.inject({ method, url, headers })
    return { status: reply.statusCode, headers: reply.headers, body: reply.payload }
  }
  return {
    get: (url: string, origin: string) => send('GET', url, { origin }),
    options: (url: string, headers: Record<string, string>) => send('OPTIONS', url, headers),
    preflight: (url: string, origin: string, method = 'DELETE') =>
      send('OPTIONS', url, { origin, 'access-control-request-method': method }),
  }
}

describe('a page of another origin', () => {
  test.each([
    ['a list', [APP]],
    ['a text', APP],
    ['a pattern', /^https:\/\/\w+\.example\.com$/g],
    ['a function', async (origin: string) => origin === APP],
  ])('may call when %s names it, and no other may', async (_name, origin) => {
    const { get } = await serving({ origin })
    for (let round = 0; round < 2; round += 1) {
      expect((await get('/books/1', APP)).headers['access-control-allow-origin']).toBe(APP)
    }
    const { status, headers } = await get('/books/1', EVIL)
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBeUndefined()
    // A cache between them must not give one the reply of the other.
    expect(headers.vary).toBe('Origin')
  })

  test('may not call when nothing is listed', async () => {
    const { get } = await serving({})
    expect((await get('/books/1', APP)).headers['access-control-allow-origin']).toBeUndefined()
  })

  test('may read errors, also of unknown paths', async () => {
    const { get } = await serving({ origin: [APP], credentials: true, exposedHeaders: ['x-total'] })
    const { status, headers } = await get('/boks/1', APP)
    expect(status).toBe(404)
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json'),
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
    })
  })

  test('is every one with a star', async () => {
    const { get } = await serving({ origin: '*' })
    expect((await get('/books/1', EVIL)).headers['access-control-allow-origin']).toBe('*')
  })
})

describe('a preflight', () => {
  test('is answered for a path that has routes', async () => {
    const { preflight } = await serving({ origin: [APP], maxAge: 600, allowedHeaders: ['x-key'] })
    const { status, headers } = await preflight('/books/1?a=b', APP)
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET, HEAD, PUT, PATCH, POST, DELETE',
      'access-control-allow-headers': 'x-key',
      'access-control-max-age': '600',
    })
  })

  test('of an unknown path, or from an origin that is not listed, is like any other request', async () => {
    const { preflight } = await serving({ origin: [APP] })
    expect((await preflight('/shelves/1', APP)).status).toBe(404)
    const refused = await preflight('/books/1', EVIL)
    expect(refused.status).toBe(405)
    expect(refused.headers['access-control-allow-methods']).toBeUndefined()
  })

  test('leaves OPTIONS routes of the application alone', async () => {
    const { options } = await serving({ origin: [APP] })
    expect(await options('/options', { origin: APP })).toMatchObject({ status: 200, body: 'mine' })
  })
})

describe('what would be unsafe or in vain is refused before the server listens', () => {
  const building = async (cors: CorsConfig) => (await serving(cors)).get('/books/1', APP)

  test.each([true, '*'] as const)('every origin (%s) with credentials', async (origin) => {
    await expect(building({ origin, credentials: true })).rejects.toMatchObject({
      code: 'LIMBER_INVALID_HTTP_CONFIG',
      faults: [{ path: 'cors.origin' }],
    })
  })

  test.each([
    [`${APP}/`, `Write "${APP}".`],
    ['https://App.example.com', `Write "${APP}".`],
    ['app.example.com', 'Write scheme://host, and :port where it is not the usual one.'],
  ])('an origin that no browser sends (%s)', async (origin, hint) => {
    await expect(building({ origin: [origin] })).rejects.toMatchObject({
      faults: [{ path: 'cors.origin', message: expect.stringContaining(hint) }],
    })
  })
})
