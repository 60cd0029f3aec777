import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { emptyFolder, withRoutes } from './serve-routes.ts'

afterEach(() => void vi.unstubAllEnvs())

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

/** A file of an application, whose source the page shows. */
const ROUTES = `export default (router) => {
  router.get('/books/:title', ({ params }) => {
    const cause = new RangeError('the shelf is full')
    throw new Error('No room for ' + params.title, { cause }) // the line that fails
  })
  router.get('/forged', ({ query }) => {
    throw new Error('No\\n    at forged (' + query.file + ':1:1)')
  })
  router.get('/text', () => { throw 'paper' })
  router.get('/long', () => { throw new Error('paper '.repeat(10) + 'x'.repeat(2_000_000)) })
  router.get('/unbound', ({ app }) => app.make('mail.sesion'))
}`

async function application(options: { environment?: string; developmentPage?: boolean } = {}) {
  const { environment = 'development', ...http } = options
  vi.stubEnv('NODE_ENV', environment)
  const root = emptyFolder()
  mkdirSync(path.join(root, 'app/http'), { recursive: true })
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(path.join(root, '.env'), 'KEY=from-the-env-file')
  writeFileSync(path.join(root, 'app/http/routes.js'), ROUTES)
  const served = await withRoutes(() => undefined, { root, http })
  const open = async (url: string, headers: Record<string, string> = BROWSER) => {
    const { payload, ...reply } = await served.http.inject({ url, headers })
    return { status: reply.statusCode, type: String(reply.headers['content-type']), page: payload, reply }
  }
  return { root, open }
}

test('a browser is shown what failed, where, and what led to it', async () => {
  const { open } = await application()
  const { status, type, page } = await open('/books/Emma?page=2')
  expect([status, type]).toEqual([500, 'text/html; charset=utf-8'])
  expect(page).toContain('<h1>No room for Emma</h1>')
  expect(page).toMatch(/data-line="4" class="failing">.*the line that fails/)
  expect(page).toContain('app/http/routes.js:4:')
  expect(page).toMatch(/Cause: RangeError.*the shelf is full/s)
  expect(page).toMatch(/<details><summary>\d+ frames of Limber, packages and Node/)
  expect(page).toMatch(/Route<\/th><td>GET \/books\/:title/)
  expect(page).toMatch(/Meaning.*Usual cause.*Fix/s)
})

test('an error of Limber shows its hint and the path through the container', async () => {
  const { open } = await application()
  const { page } = await open('/unbound')
  expect(page).toContain('Nothing is bound to &#34;mail.sesion&#34;.')
  expect(page).toMatch(/class="hint">Bind it/)
  expect(page).toContain('LIMBER_BINDING_NOT_FOUND')
})

test('it needs no script and no network, and the browser is told to allow none', async () => {
  const { open } = await application()
  const { page, reply } = await open('/books/Emma')
  expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import/i)
  expect(reply.headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'cache-control': 'no-store',
  })
})

test.for([
  ['the message', `/books/${encodeURIComponent('<img src=x onerror=alert(1)>')}`, {}],
  ['the URL', '/nowhere?<img/src=x>=%22%3E<img%20src=x%20onerror=alert(1)>', {}],
  ['a header', '/books/Emma', { 'x-a': '"><img src=x onerror=alert(1)>' }],
] as const)('nothing in %s becomes markup', async ([, url, headers]) => {
  const { open } = await application()
  const { page } = await open(url, { ...BROWSER, ...headers })
  expect(page).toContain('&#60;img')
  expect(page).not.toContain('<img')
})

test('secrets are masked', async () => {
  const { open } = await application()
  const secret = 's3same'
  const { page } = await open(
    `/books/postgres:%2F%2Fada:${secret}@db%2Fapp?token=${secret}&api_key=${secret}`,
    {
      ...BROWSER,
      authorization: `Bearer ${secret}`,
      cookie: `sid=${secret}`,
      'x-api-key': secret,
      'x-csrf-token': secret,
    },
  )
  expect(page).toContain('****')
  expect(page).not.toContain(secret)
})

test('a message that looks like a stack does not choose what is shown', async () => {
  const { root, open } = await application()
  for (const file of ['.env', 'package.json', 'app/http/routes.js']) {
    const { page } = await open(`/forged?file=${encodeURIComponent(path.join(root, file))}`)
    expect(page).not.toContain('from-the-env-file')
    expect(page).toMatch(/data-line="7" class="failing"/)
  }
})

test('something thrown that is no error has a page as well', async () => {
  const { open } = await application()
  expect((await open('/text')).page).toContain('Thrown: paper')
})

test.for([
  ['anything', '*/*'],
  ['JSON', 'application/json'],
  ['JSON or a page', 'application/json, text/html'],
] as const)('a program that takes %s gets problem details', async ([, accept]) => {
  const { open } = await application()
  expect((await open('/books/Emma', { accept })).type).toBe('application/problem+json')
})

test.for([
  ['production', {}, 'application/problem+json'],
  ['production', { developmentPage: true }, 'application/problem+json'],
  ['test', {}, 'application/problem+json'],
  ['test', { developmentPage: true }, 'text/html; charset=utf-8'],
  ['development', { developmentPage: false }, 'application/problem+json'],
] as const)('in %s, with %o, a browser gets %s', async ([environment, http, expected]) => {
  const { open } = await application({ environment, ...http })
  const { type, page } = await open('/books/Emma')
  expect(type).toBe(expected)
  if (expected === 'application/problem+json') expect(page).not.toContain('No room')
})

test('of a message that nobody would read to its end the beginning is shown', async () => {
  const { open } = await application()
  const { status, page } = await open('/long')
  expect(status).toBe(500)
  expect(page).toContain('<h1>paper paper')
  expect(page.length).toBeLessThan(100_000)
})
