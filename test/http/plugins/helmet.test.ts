import type { HelmetConfig } from 'limber/http'
import { expect, test } from 'vitest'
import { withRoutes } from '../serve-routes.ts'

async function headersWith(helmet: true | HelmetConfig, url = '/', environment = 'production') {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = environment
  try {
    const { http } = await withRoutes((router) => router.get('/', () => 'hello'), { http: { helmet } })
    return (await http.inject(url)).headers
  } finally {
    process.env.NODE_ENV = before
  }
}

test('replies tell browsers what pages may do', async () => {
  const expected = {
    'content-security-policy': expect.stringContaining("default-src 'self';"),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-frame-options': 'SAMEORIGIN',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
  expect(await headersWith(true)).toMatchObject(expected)
  expect(await headersWith({}, '/unknown')).toMatchObject(expected)
})

test('nothing insists on HTTPS outside of production', async () => {
  const headers = await headersWith({}, '/', 'development')
  expect(headers['strict-transport-security']).toBeUndefined()
  expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
  expect((await headersWith({}))['content-security-policy']).toContain('upgrade-insecure-requests')
})

test('each header can be changed', async () => {
  const headers = await headersWith({
    contentSecurityPolicy: { directives: { 'img-src': ['*'], 'font-src': null } },
    strictTransportSecurity: { maxAge: 60, includeSubDomains: false },
    frameOptions: 'deny',
    referrerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'cross-origin',
    crossOriginOpenerPolicy: 'unsafe-none',
  })
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=60',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'cross-origin',
    'cross-origin-opener-policy': 'unsafe-none',
  })
  expect(headers['content-security-policy']).toContain('img-src *;')
  expect(headers['content-security-policy']).not.toContain('font-src')
})

test('each header can be left out', async () => {
  const headers = await headersWith({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    frameOptions: false,
    referrerPolicy: false,
    crossOriginResourcePolicy: false,
    crossOriginOpenerPolicy: false,
  })
  const left = Object.keys(headers).filter((name) => /policy|transport|frame/.test(name))
  expect(left).toEqual([])
})

test('a policy can be tried out', async () => {
  const headers = await headersWith({ contentSecurityPolicy: { reportOnly: true } })
  expect(headers['content-security-policy-report-only']).toContain("default-src 'self'")
})

test('a directive that no browser reads is refused before the server listens', async () => {
  await expect(
    headersWith({ contentSecurityPolicy: { directives: { 'img src': ['*'] } } }),
  ).rejects.toMatchObject({ code: 'LIMBER_INVALID_HTTP_CONFIG' })
})

test('the page of the API reference keeps a policy of its own', async () => {
  const { http } = await withRoutes((router) => router.get('/', () => 'hello'), {
    http: { helmet: true, openapi: {} },
  })
  const policy = String(
    (await http.inject({ url: '/docs/', headers: { accept: 'text/html' } })).headers[
      'content-security-policy'
    ],
  )
  expect(policy).toContain("script-src 'self' 'sha256-")
  expect(policy).not.toContain('upgrade-insecure-requests')
})
