import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib'
import type { CompressionConfig, Router } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { Recorder, serving, withRoutes } from '../serve-routes.ts'

const LONG = 'limber '.repeat(1000)

const addRoutes = (router: Router) => {
  router.get('/long', () => ({ text: LONG }))
  router.get('/short', () => ({ text: 'limber' }))
  router.get('/stream', ({ response }) => {
    response.header('content-type', 'text/plain')
    return Readable.from([LONG, LONG])
  })
  router.get('/image', ({ response }) => {
    response.header('content-type', 'image/png')
    return Buffer.alloc(5000)
  })
  router.post('/body', ({ body }) => ({ size: JSON.stringify(body).length }))
}

async function servingCompressed(compression: true | CompressionConfig = true, bodyLimit = 1_048_576) {
  const { http, errors } = await withRoutes(addRoutes, { http: { compression, bodyLimit } })
  return {
    errors,
    get: (url: string, encoding?: string) =>
      http.inject({ url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } }),
    post: (payload: Buffer | string, encoding: string) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
      return http.inject({ method: 'POST', url: '/body', headers, payload })
    },
  }
}

describe('a reply', () => {
  test.each([
    ['br', 'gzip, br, zstd', brotliDecompressSync],
    ['zstd', 'gzip, zstd', zstdDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
  ] as const)('is compressed with %s for a client that takes %s', async (encoding, accepted, decompress) => {
    const { get } = await servingCompressed()
    for (const [url, content] of [
      ['/long', JSON.stringify({ text: LONG })],
      ['/stream', LONG + LONG],
    ] as const) {
      const reply = await get(url, accepted)
      expect(reply.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' })
      expect(String(decompress(reply.rawPayload))).toBe(content)
    }
  })

  test.each([
    ['short', '/short', 'br'],
    ['of something that is compressed already', '/image', 'br'],
    ['for a client that takes nothing', '/long', undefined],
    ['for a client that takes something else', '/long', 'deflate'],
  ])('is sent as it is when it is %s', async (_what, url, accepted) => {
    const { get } = await servingCompressed()
    expect((await get(url, accepted)).headers['content-encoding']).toBeUndefined()
  })

  test('is compressed from the size on, and with the encodings, that are configured', async () => {
    const { get } = await servingCompressed({ threshold: 10, encodings: ['gzip'] })
    expect((await get('/short', 'br, gzip')).headers['content-encoding']).toBe('gzip')
  })

  test('of events is never held back', async () => {
    const ended = Promise.withResolvers<void>()
    const { url } = await serving(
      (router) =>
        router.get('/', ({ response }) => {
          response.header('content-type', 'text/event-stream')
          async function* events() {
            yield 'data: 1\n\n'
            await ended.promise
          }
          return Readable.from(events())
        }),
      { http: { compression: true } },
    )
    const reply = await fetch(url, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(reply.headers.get('content-encoding')).toBeNull()
    const first = await reply.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toBe('data: 1\n\n')
    ended.resolve()
  })

  test('whose client goes away ends its stream and its unit of work', async () => {
    const recorder = new Recorder()
    const destroyed = Promise.withResolvers<void>()
    const { url } = await serving(
      (router) =>
        router.get('/', ({ app, response }) => {
          recorder.join(app.currentScope())
          response.header('content-type', 'text/plain')
          const stream = new Readable({ read: () => stream.push(crypto.randomUUID().repeat(1000)) })
          stream.once('close', destroyed.resolve)
          return stream
        }),
      { http: { compression: true } },
    )
    const control = new AbortController()
    const reply = await fetch(url, { headers: { 'accept-encoding': 'gzip' }, signal: control.signal })
    expect(reply.headers.get('content-encoding')).toBe('gzip')
    control.abort()
    await Promise.all([destroyed.promise, recorder.closed.promise])
    expect(recorder.calls).toEqual(['flush', 'commit', 'flush', 'close'])
  })
})

describe('a compressed request', () => {
  const body = JSON.stringify({ text: LONG })

  test('is read where that is configured', async () => {
    const { post } = await servingCompressed({ requests: true })
    expect((await post(gzipSync(body), 'gzip')).json()).toEqual({ size: body.length })
  })

  test('is not read otherwise', async () => {
    const { post } = await servingCompressed()
    expect((await post(gzipSync(body), 'gzip')).statusCode).toBe(415)
  })

  test('may not become larger than the limit', async () => {
    const { post, errors } = await servingCompressed({ requests: true }, 10_000)
    const bomb = gzipSync(JSON.stringify({ text: 'x'.repeat(5_000_000) }))
    expect(bomb.length).toBeLessThan(10_000)
    const reply = await post(bomb, 'gzip')
    expect([reply.statusCode, reply.json().code]).toEqual([413, 'LIMBER_BODY_TOO_LARGE'])
    expect(errors).toEqual([])
  })

  test.each([
    ['that is none', 'gzip', 400, 'LIMBER_MALFORMED_BODY'],
    ['of an unknown kind', 'lzma', 415, 'LIMBER_UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused', async (_what, encoding, status, code) => {
    const { post } = await servingCompressed({ requests: true })
    const reply = await post('{}', encoding)
    expect([reply.statusCode, reply.json().code]).toEqual([status, code])
  })
})
