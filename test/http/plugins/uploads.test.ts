import { request as connect } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Router, type UploadsConfig, uploadsOf } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { Recorder, serving, withRoutes } from '../serve-routes.ts'

const HEAD =
  '--limit\r\ncontent-disposition: form-data; name="a"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n'
const TAIL = '\r\n--limit--\r\n'

type Listed = (string | undefined)[]

const addRoutes = (router: Router) => {
  router.post('/all', async (context) => {
    const parts: Listed[] = []
    for await (const part of uploadsOf(context)) {
      if (part.kind === 'field') parts.push(['field', part.name, part.value])
      else
        parts.push(['file', part.name, part.filename, part.safeName, part.mimeType, await text(part.stream)])
    }
    return parts
  })
  router.post('/names', async (context) => {
    const names: string[] = []
    for await (const part of uploadsOf(context)) names.push(part.name)
    return names
  })
  router.post('/first', async (context) => {
    for await (const part of uploadsOf(context)) return part.name
    return 'none'
  })
  router.post('/destroyed', async (context) => {
    const names: string[] = []
    for await (const part of uploadsOf(context)) {
      if (part.kind === 'file') part.stream.destroy()
      names.push(part.name)
    }
    return names
  })
  router.post('/twice', async (context) => {
    uploadsOf(context)
    uploadsOf(context)
  })
  router.post('/small', async (context) => {
    for await (const part of uploadsOf(context, { fileSize: 3 }))
      if (part.kind === 'file') await text(part.stream)
  })
  router.post('/json', ({ body }) => ({ body: body ?? null }))
}

const serve = (uploads: true | UploadsConfig = true) => serving(addRoutes, { http: { uploads } })

function form(...files: readonly (readonly [name: string, content: string, filename?: string])[]): FormData {
  const data = new FormData()
  for (const [name, content, filename] of files) {
    if (filename === undefined) data.append(name, content)
    else data.append(name, new Blob([content], { type: 'text/plain' }), filename)
  }
  return data
}

async function post(url: string, body: string | FormData, headers: Record<string, string> = {}) {
  const reply = await fetch(url, { method: 'POST', body, headers })
  return { status: reply.status, body: JSON.parse(await reply.text()) }
}

describe('an upload', () => {
  test('gives its fields and files, in the order they were sent', async () => {
    const { url } = await serve()
    const data = form(['title', 'Emma'], ['cover', 'x'.repeat(2_000_000), 'cover.txt'], ['pages', '474'])
    expect(await post(`${url}/all`, data)).toEqual({
      status: 200,
      body: [
        ['field', 'title', 'Emma'],
        ['file', 'cover', 'cover.txt', 'cover.txt', 'text/plain', 'x'.repeat(2_000_000)],
        ['field', 'pages', '474'],
      ],
    })
  })

  test.each([
    ['files that nobody reads', '/names'],
    ['files that somebody has had enough of', '/destroyed'],
  ])('goes on behind %s', async (_what, path) => {
    const { url } = await serve()
    const data = form(['a', 'x'.repeat(500_000), 'a.txt'], ['b', 'x'.repeat(500_000), 'b.txt'], ['c', 'c'])
    expect(await post(url + path, data)).toEqual({ status: 200, body: ['a', 'b', 'c'] })
  })

  test('can be left in the middle, and the connection serves the next request', async () => {
    const { url } = await serve()
    const data = form(['a', 'x'.repeat(3_000_000), 'a.txt'], ['b', 'x'.repeat(3_000_000), 'b.txt'])
    for (let round = 0; round < 3; round += 1) {
      const reply = await fetch(`${url}/first`, { method: 'POST', body: data })
      expect([reply.status, await reply.text()]).toEqual([200, 'a'])
    }
  })

  test('reaches its handler while the client is still sending', async () => {
    const arrived = Promise.withResolvers<string>()
    const { url } = await serving(
      (router) =>
        router.post('/', async (context) => {
          let bytes = 0
          for await (const part of uploadsOf(context)) {
            if (part.kind !== 'file') continue
            for await (const chunk of part.stream) {
              arrived.resolve(String(chunk))
              bytes += chunk.length
            }
          }
          return { bytes }
        }),
      { http: { uploads: true } },
    )
    const sending = begin(url)
    sending.request.write(`${HEAD}first`)
    expect(await arrived.promise).toContain('first')
    sending.request.end(`second${TAIL}`)
    expect(await sending.reply).toEqual({ bytes: 'firstsecond'.length })
  })
})

describe('the name of a file', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/etc/passwd', 'passwd'],
    ['.htaccess', 'htaccess'],
    ['..', 'file'],
    ['a<b>:c|d?.txt', 'a_b__c_d_.txt'],
    [`${'x'.repeat(300)}.txt`, `${'x'.repeat(196)}.txt`],
    ['größe.txt', 'größe.txt'],
    [`${'語'.repeat(100)}.txt`, `${'語'.repeat(65)}.txt`],
    ['photo\u202egpj.exe', 'photo_gpj.exe'],
    ['a\u200b.txt', 'a_.txt'],
    ['con.txt', '_con.txt'],
    ['NUL', '_NUL'],
    ['console.txt', 'console.txt'],
  ])('%s is kept in its folder as %s', async (filename, safe) => {
    const { url } = await serve()
    const { body } = await post(`${url}/all`, form(['a', 'x', filename]))
    expect(body[0][3]).toBe(safe)
  })

  test('costs no time, however full of dots it is', async () => {
    const { url } = await serve()
    const filename = `a${'.'.repeat(60_000)}b`
    const files = Array.from({ length: 10 }, () => ['a', 'x', filename] as const)
    const { body } = await post(`${url}/all`, form(...files))
    expect(body.map((part: Listed) => part[3])).toEqual(Array(10).fill(`a${'.'.repeat(198)}b`))
  })
})

describe('an upload that is larger than allowed is a 413', () => {
  test.each([
    [
      'a file, whether it is read',
      '/all',
      { fileSize: 10 },
      form(['a', 'x'.repeat(11), 'a.txt']),
      '10 bytes',
    ],
    ['or not', '/names', { fileSize: 10 }, form(['a', 'x'.repeat(11), 'a.txt']), '10 bytes'],
    ['the limit of a route', '/small', {}, form(['a', 'xxxx', 'a.txt']), '3 bytes'],
    ['the number of files', '/all', { files: 1 }, form(['a', 'x', 'a.txt'], ['b', 'x', 'b.txt']), '1 files'],
    ['the number of fields', '/all', { fields: 1 }, form(['a', 'x'], ['b', 'x']), '1 fields'],
    ['the number of parts', '/all', { parts: 1 }, form(['a', 'x'], ['b', 'x', 'b.txt']), '1 parts'],
    ['a field', '/all', { fieldSize: 3 }, form(['a', 'xxxx']), 'The field "a" has more than 3 bytes.'],
  ] as const)('%s', async (_what, path, limits, data, words) => {
    const { url, errors } = await serve(limits)
    const { status, body } = await post(url + path, data)
    expect(status).toBe(413)
    expect(body).toMatchObject({ code: 'LIMBER_UPLOAD_LIMIT', detail: expect.stringContaining(words) })
    expect(errors).toEqual([])
  })

  test('a file of exactly the limit passes', async () => {
    const { url } = await serve({ fileSize: 10 })
    expect((await post(`${url}/all`, form(['a', 'x'.repeat(10), 'a.txt']))).status).toBe(200)
  })
})

describe('a request that is no upload', () => {
  test('is a 415', async () => {
    const { url } = await serve()
    const { status, body } = await post(`${url}/all`, '{}', { 'content-type': 'application/json' })
    expect([status, body.code]).toEqual([415, 'LIMBER_UNSUPPORTED_MEDIA_TYPE'])
    expect(body.hint).toContain('multipart/form-data')
  })

  test.each([
    ['breaks off', `${HEAD}first`, 'multipart/form-data; boundary=limit'],
    ['has no boundary', 'x', 'multipart/form-data'],
  ])('or %s, is a 400', async (_what, body, type) => {
    const { url, errors } = await serve()
    const reply = await post(`${url}/all`, body, { 'content-type': type })
    expect([reply.status, reply.body.code]).toEqual([400, 'LIMBER_MALFORMED_BODY'])
    expect(errors).toEqual([])
  })

  test('is a 415 where uploads are off, and passes by where nobody asks for them', async () => {
    const off = await withRoutes(addRoutes)
    const headers = { 'content-type': 'multipart/form-data; boundary=limit' }
    const refused = await off.http.inject({ method: 'POST', url: '/json', headers, payload: HEAD + TAIL })
    expect(refused.statusCode).toBe(415)
    const { url } = await serve()
    expect(await post(`${url}/json`, form(['a', 'x'.repeat(500_000), 'a.txt']))).toEqual({
      status: 200,
      body: { body: null },
    })
  })
})

describe('a client that goes away in the middle', () => {
  test('fails the handler, and its unit of work is rolled back', async () => {
    const recorder = new Recorder()
    const arrived = Promise.withResolvers<void>()
    const failed = Promise.withResolvers<unknown>()
    const { url, errors } = await serving(
      (router) =>
        router.post('/', async (context) => {
          recorder.join(context.app.currentScope())
          for await (const part of uploadsOf(context)) {
            if (part.kind !== 'file') continue
            arrived.resolve()
            await text(part.stream).catch((error: unknown) => {
              failed.resolve(error)
              throw error
            })
          }
        }),
      { http: { uploads: true } },
    )
    const { request } = begin(url)
    request.write(`${HEAD}first`)
    await arrived.promise
    request.destroy()
    expect(await failed.promise).toMatchObject({ code: 'LIMBER_MALFORMED_BODY' })
    await recorder.closed.promise
    expect(recorder.calls).toEqual(['rollback', 'close'])
    expect(errors).toEqual([])
  })

  test('also before the handler has begun to read', async () => {
    const recorder = new Recorder()
    const entered = Promise.withResolvers<void>()
    const { url } = await serving(
      (router) =>
        router.post('/', async (context) => {
          recorder.join(context.app.currentScope())
          const gone = new Promise((resolve) => context.request.raw.once('close', resolve))
          entered.resolve()
          await gone
          for await (const part of uploadsOf(context)) return part.name
          return 'nothing'
        }),
      { http: { uploads: true } },
    )
    const { request } = begin(url)
    request.write(`${HEAD}first`)
    await entered.promise
    request.destroy()
    await recorder.closed.promise
    expect(recorder.calls).toEqual(['rollback', 'close'])
  })
})

test('a mistake of the handler is told', async () => {
  const { url, errors } = await serve()
  expect((await post(`${url}/twice`, form(['a', 'x']))).status).toBe(500)
  const off = await withRoutes(addRoutes)
  expect((await off.http.inject({ method: 'POST', url: '/all', payload: {} })).statusCode).toBe(500)
  expect([errors[0]?.err?.code, off.errors[0]?.err?.code]).toEqual([
    'LIMBER_UPLOADS_READ',
    'LIMBER_ABILITY_OFF',
  ])
})

/** A request that is sent piece by piece. */
function begin(url: string) {
  const headers = { 'content-type': 'multipart/form-data; boundary=limit' }
  const request = connect(url, { method: 'POST', headers })
  const { promise: reply, resolve } = Promise.withResolvers<unknown>()
  request.on('response', async (response) => resolve(JSON.parse(await text(response))))
  request.on('error', resolve)
  return { request, reply }
}
