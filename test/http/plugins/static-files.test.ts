import { once } from 'node:events'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import type { HttpConfig, Router } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { emptyFolder, serving, withRoutes } from '../serve-routes.ts'

const FILES = {
  '.env': 'TREASURE',
  'config/app.ts': 'TREASURE',
  'public-secret/a.txt': 'TREASURE',
  'public/index.html': '<h1>home</h1>',
  'public/app.js': 'const a = 1',
  'public/app.js.br': 'brotli',
  'public/a b.txt': 'space',
  'public/.hidden': 'TREASURE',
  'public/.git/config': 'TREASURE',
  'public/docs/index.html': '<h1>docs</h1>',
  'public/empty/a.txt': 'a',
  'build/main.css': 'body {}',
}

function folder(): string {
  const root = emptyFolder()
  for (const [file, content] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
  }
  symlinkSync(path.join(root, '.env'), path.join(root, 'public/link.txt'))
  symlinkSync(path.join(root, 'config'), path.join(root, 'public/linked'))
  symlinkSync(path.join(root, 'public/app.js'), path.join(root, 'public/inside.js'))
  return root
}

const none = () => undefined

async function filesOf(
  config: HttpConfig['static'] = { root: 'public' },
  add: (router: Router) => void = none,
) {
  const served = await withRoutes(add, { root: folder(), http: { ...(config && { static: config }) } })
  const get = async (
    url: string,
    headers: Record<string, string> = {},
    method: 'GET' | 'HEAD' | 'POST' = 'GET',
  ) => {
    const reply = await served.http.inject({ method, url, headers })
    return { status: reply.statusCode, headers: reply.headers, body: reply.payload }
  }
  return { ...served, get }
}

describe('a file', () => {
  test('is sent with its type, and asked for again each time', async () => {
    const { get } = await filesOf()
    const { status, headers, body } = await get('/app.js?v=1')
    expect([status, body]).toEqual([200, 'const a = 1'])
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('javascript'),
      'cache-control': 'public, max-age=0',
      etag: expect.any(String),
      'last-modified': expect.any(String),
    })
    expect((await get('/a%20b.txt')).body).toBe('space')
    expect((await get('/inside.js')).body).toBe('const a = 1')
  })

  test('is not sent again to whoever has it', async () => {
    const { get } = await filesOf()
    const { headers } = await get('/app.js')
    expect((await get('/app.js', { 'if-none-match': String(headers.etag) })).status).toBe(304)
    expect((await get('/app.js', { 'if-modified-since': String(headers['last-modified']) })).status).toBe(304)
  })

  test('is sent in parts, or only described, on request', async () => {
    const { get } = await filesOf()
    const part = await get('/app.js', { range: 'bytes=0-4' })
    expect([part.status, part.body, part.headers['content-range']]).toEqual([206, 'const', 'bytes 0-4/11'])
    expect((await get('/app.js', {}, 'HEAD')).headers['content-length']).toBe('11')
    const beyond = await get('/app.js', { range: 'bytes=50-60' })
    expect([beyond.status, JSON.parse(beyond.body).code]).toEqual([416, 'LIMBER_REQUEST_REFUSED'])
  })

  test('that becomes shorter while it is sent breaks its reply off, and the connection with it', async () => {
    const root = folder()
    const file = path.join(root, 'public/large.bin')
    writeFileSync(file, Buffer.alloc(50_000_000))
    const { http } = await serving(none, { root, http: { static: { root: 'public' } } })
    const socket = connect(Number(http.port), '127.0.0.1')
    socket.write('GET /large.bin HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'readable')
    truncateSync(file, 10)
    const read = await buffer(socket).then(({ byteLength }) => byteLength)
    expect(read).toBeLessThan(50_000_000)
  })

  test('can be kept by browsers', async () => {
    const { get } = await filesOf({ root: 'build', prefix: '/assets/', maxAge: 31_536_000, immutable: true })
    expect((await get('/assets/main.css')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    )
  })

  test('can be sent as it was compressed before', async () => {
    const { get } = await filesOf({ root: 'public', precompressed: true })
    const { headers, body } = await get('/app.js', { 'accept-encoding': 'br' })
    expect([headers['content-encoding'], headers.vary, body]).toEqual(['br', 'accept-encoding', 'brotli'])
    expect((await get('/app.js')).body).toBe('const a = 1')
  })
})

test('a folder is answered with its index', async () => {
  const { get } = await filesOf()
  expect((await get('/')).body).toBe('<h1>home</h1>')
  expect((await get('/docs/')).body).toBe('<h1>docs</h1>')
  expect(await get('/docs')).toMatchObject({ status: 301, headers: { location: '/docs/' } })
  expect((await get('/empty/')).status).toBe(404)
  const without = await filesOf({ root: 'public', index: false })
  expect((await without.get('/docs/')).status).toBe(404)
})

test('several folders have paths of their own', async () => {
  const { get } = await filesOf([{ root: 'public' }, { root: 'build', prefix: '/assets' }])
  expect((await get('/app.js')).status).toBe(200)
  expect((await get('/assets/main.css')).body).toBe('body {}')
  expect((await get('/assets/app.js')).status).toBe(404)
})

describe('nothing else is sent', () => {
  const paths = [
    '/../.env',
    '/docs/../../.env',
    '/%2e%2e/.env',
    '/%2e%2e%2f.env',
    '/..%2f.env',
    '/..%5c.env',
    '/..\\.env',
    '/%252e%252e%252f.env',
    '/....//.env',
    '/../public-secret/a.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/file:///etc/passwd',
    '/app.js%00.txt',
    '/%00',
    '/%ff',
    '/.hidden',
    '/%2ehidden',
    '/.git/config',
    '/link.txt',
    '/linked/app.ts',
    '/unknown.txt',
  ]

  test.each(['', '/assets'])('whatever the path is (files under "%s")', async (prefix) => {
    const static_ = { root: 'public', prefix: prefix || '/', fallback: 'index.html' }
    const { url, errors } = await serving(none, { root: folder(), http: { static: static_ } })
    const { hostname, port } = new URL(url)
    for (const file of paths) {
      // By hand: every client would tidy up the path.
      const socket = connect(Number(port), hostname)
      socket.write(`GET ${prefix}${file} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
      expect([file, head.split(' ')[1]]).toEqual([file, expect.stringMatching(/^40[04]$/)])
      expect(body).not.toMatch(/TREASURE|root:/)
      expect(JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)).code).toMatch(
        /^LIMBER_(ROUTE_NOT_FOUND|MALFORMED_URL)$/,
      )
    }
    expect(errors).toEqual([])
  })
})

describe('beside routes', () => {
  test('the routes come first, and what neither knows is explained as ever', async () => {
    const { get } = await filesOf({ root: 'public' }, (router) => {
      router.get('/app.js', () => 'mine')
      router.post('/books', () => 'stored')
    })
    expect((await get('/app.js')).body).toBe('mine')
    const missing = await get('/boks')
    expect(JSON.parse(missing.body)).toMatchObject({ status: 404, code: 'LIMBER_ROUTE_NOT_FOUND' })
    expect((await get('/books')).headers.allow).toBe('POST')
    expect((await get('/index.html', {}, 'POST')).status).toBe(404)
  })

  test('a route for the folder itself is kept', async () => {
    const { get } = await filesOf({ root: 'build', prefix: '/assets' }, (router) =>
      router.get('/assets', () => 'mine'),
    )
    expect((await get('/assets')).body).toBe('mine')
    expect((await get('/assets/main.css')).status).toBe(200)
  })

  test('a route for the same paths is a conflict', async () => {
    const { get } = await filesOf({ root: 'public' }, (router) => router.get('/*', () => 'mine'))
    await expect(get('/')).rejects.toMatchObject({
      code: 'LIMBER_ROUTE_CONFLICT',
      message: expect.stringContaining('the static files of "public"'),
    })
  })
})

test('a front end with a router of its own is sent for its pages, and for nothing else', async () => {
  const { get } = await filesOf({ root: 'public', fallback: 'index.html' }, (router) =>
    router.get('/api/books', () => []),
  )
  const html = { accept: 'text/html,*/*;q=0.8' }
  expect(await get('/shelves/3?sort=title', html)).toMatchObject({ status: 200, body: '<h1>home</h1>' })
  expect((await get('/docs/', html)).body).toBe('<h1>docs</h1>')
  expect((await get('/empty/', html)).body).toBe('<h1>home</h1>')
  expect((await get('/missing.js', html)).status).toBe(404)
  expect((await get('/shelves/3', { accept: 'application/json' })).status).toBe(404)
  expect((await get('/api/books', html)).body).toBe('[]')
})

describe('what would be unsafe or in vain is refused before the server listens', () => {
  test.each([
    ['static.root', { root: '.' }],
    ['static.root', { root: '..' }],
    ['static.root', { root: '/' }],
    ['static.root', { root: 'dist' }],
    ['static.root', { root: 'config/app.ts' }],
    ['static.prefix', { root: 'public', prefix: 'assets' }],
    ['static.prefix', { root: 'public', prefix: '/:tenant' }],
  ])('%s: %o', async (option, config) => {
    const { get } = await filesOf(config)
    await expect(get('/')).rejects.toMatchObject({
      code: 'LIMBER_INVALID_HTTP_CONFIG',
      faults: [{ path: option }],
    })
  })
})
