import { csrfTokenOf, type HttpConfig, type Router, sessionOf } from 'limber/http'
import { describe, expect, test } from 'vitest'
import { Recorder, withRoutes } from '../serve-routes.ts'

const SECRET = 's'.repeat(32)
const withSessions = { cookies: { secret: SECRET }, sessions: true, csrf: true } as const
const withCookies = { cookies: true, csrf: true } as const

const addRoutes = (router: Router) => {
  router.get('/form', (context) => ({ token: csrfTokenOf(context) }))
  router.post('/save', () => ({ saved: true }))
  router.post('/webhook', () => ({ saved: true }), { csrf: false })
  router.post('/login', (context) => sessionOf(context).regenerate())
}

async function pageOf(config: HttpConfig, add = addRoutes) {
  const served = await withRoutes(add, { http: config })
  const form = await served.http.inject('/form')
  const cookie = String(form.headers['set-cookie']).split(';')[0] ?? ''
  const token: string = form.json().token
  const post = (url: string, headers: Record<string, string> = {}, payload: object = {}) =>
    served.http.inject({ method: 'POST', url, headers: { cookie, ...headers }, payload })
  return { ...served, token, cookie, post }
}

describe.each([
  ['in sessions', withSessions],
  ['in a cookie', withCookies],
  ['in a signed cookie', { cookies: { secret: SECRET }, csrf: true }],
] as const)('with the secret %s, a request that changes something', (_where, config) => {
  test('passes with the token of its client, in a header or in a form', async () => {
    const { post, token } = await pageOf(config)
    expect((await post('/save', { 'x-csrf-token': token })).statusCode).toBe(200)
    expect((await post('/save', {}, { _csrf: token })).statusCode).toBe(200)
  })

  test('is refused without it, with a wrong one, and with that of another client', async () => {
    const { post, token } = await pageOf(config)
    for (const headers of [{}, { 'x-csrf-token': 'wrong' }, { 'x-csrf-token': token, cookie: '' }]) {
      const reply = await post('/save', headers)
      expect(reply.statusCode).toBe(403)
      expect(reply.json()).toMatchObject({ status: 403, code: 'LIMBER_INVALID_CSRF_TOKEN' })
    }
    const other = await pageOf(config)
    expect((await post('/save', { 'x-csrf-token': other.token })).statusCode).toBe(403)
  })
})

test('routes that opt out, tokens in a header, safe requests and unknown paths need none', async () => {
  const { http, post } = await pageOf(withSessions)
  expect((await post('/webhook')).statusCode).toBe(200)
  expect((await post('/save', { authorization: 'Bearer abc', cookie: '' })).statusCode).toBe(200)
  expect((await post('/unknown')).statusCode).toBe(404)
  expect((await http.inject({ method: 'HEAD', url: '/form' })).statusCode).toBe(200)
  // A browser adds these by itself.
  expect((await post('/save', { authorization: 'Basic YTpi' })).statusCode).toBe(403)
})

test('a refused request ends its unit of work and never reaches the handler', async () => {
  const recorder = new Recorder()
  const { post } = await pageOf(withSessions, (router) => {
    addRoutes(router)
    router.post('/guarded', () => 'reached', {
      guards: [{ name: 'writer', admit: (_request, app) => recorder.join(app.currentScope()) }],
    })
  })
  expect((await post('/guarded')).statusCode).toBe(403)
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['rollback', 'close'])
})

test('a token is worth nothing after the login', async () => {
  const { post, token } = await pageOf(withSessions)
  const login = await post('/login', { 'x-csrf-token': token })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  expect((await post('/save', { 'x-csrf-token': token, cookie })).statusCode).toBe(403)
})

test('the header and the field can have other names', async () => {
  const { post, token } = await pageOf({ ...withSessions, csrf: { header: 'X-Token', field: 'token' } })
  expect((await post('/save', { 'x-token': token })).statusCode).toBe(200)
  expect((await post('/save', {}, { token })).statusCode).toBe(200)
  expect((await post('/save', { 'x-csrf-token': token })).statusCode).toBe(403)
})

test('what is not configured is told', async () => {
  const { http, errors } = await withRoutes(addRoutes)
  expect((await http.inject('/form')).statusCode).toBe(500)
  expect(errors[0]?.err?.code).toBe('LIMBER_ABILITY_OFF')
  const other = await withRoutes(addRoutes, { http: { csrf: true } })
  await expect(other.http.inject('/form')).rejects.toMatchObject({ code: 'LIMBER_INVALID_HTTP_CONFIG' })
})
