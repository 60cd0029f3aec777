import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { injectable, LimberError } from 'limber'
import type { ErrorFormat, Failure, HttpConfig } from 'limber/http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serving } from './serve-routes.ts'

class TooManyBooksError extends LimberError {
  readonly code = 'APP_TOO_MANY_BOOKS'
  readonly kind = 'too-many'
}

class House {
  readonly name = 'Limber House'
}

const house: ErrorFormat = {
  render: ({ problem: { status, code, detail, errors } }) => ({
    contentType: 'application/vnd.house+json',
    body: { house: { status, code, detail, errors } },
  }),
}

async function library(http: HttpConfig) {
  const served = await serving(
    (router) => {
      router.get('/broken', () => {
        throw new Error('the password is open sesame')
      })
      router.get('/full', () => {
        throw new TooManyBooksError('The shelf is full.')
      })
      router.post('/books', () => 'stored', { body: z.object({ title: z.string() }) })
      router.get('/slow-down', () => {
        const facts = { name: 'FastifyError', code: 'SLOW', statusCode: 429, headers: { 'retry-after': '7' } }
        throw Object.assign(new Error('Slow down.'), facts)
      })
    },
    { http: { bodyLimit: 100, ...http }, register: (app) => app.singleton(House, () => new House()) },
  )
  const ask = async (path: string, init?: RequestInit) => {
    const reply = await fetch(served.url + path, init)
    return { status: reply.status, headers: reply.headers, body: await reply.text() }
  }
  const bytes = async (sent: string) => {
    const socket = connect(Number(served.http.port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(sent)
    return text(socket)
  }
  return { ...served, ask, bytes }
}

const post = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })

test.for([
  ['a handler that throws', '/broken', undefined, 500, 'LIMBER_UNEXPECTED'],
  ['an error of the application', '/full', undefined, 429, 'APP_TOO_MANY_BOOKS'],
  ['a validation', '/books', post('{}'), 422, 'LIMBER_REQUEST_INVALID'],
  ['a body that cannot be read', '/books', post('{'), 400, 'LIMBER_MALFORMED_BODY'],
  ['a body that is too large', '/books', post(' '.repeat(200)), 413, 'LIMBER_BODY_TOO_LARGE'],
  ['a route that is not there', '/nowhere', undefined, 404, 'LIMBER_ROUTE_NOT_FOUND'],
  ['a URL that cannot be decoded', '/%zz', undefined, 400, 'LIMBER_MALFORMED_URL'],
  ['a plugin', '/slow-down', undefined, 429, 'LIMBER_REQUEST_REFUSED'],
] as const)('the format of the application says the error of %s', async ([, path, init, status, code]) => {
  const { ask } = await library({ errors: house })
  const reply = await ask(path, init)
  expect(reply.status).toBe(status)
  expect(reply.headers.get('content-type')).toBe('application/vnd.house+json')
  expect(JSON.parse(reply.body)).toMatchObject({ house: { status, code } })
  expect(reply.body).not.toContain('sesame')
})

test('it says what never became a request, too', async () => {
  const { bytes } = await library({ errors: house })
  const [head, body = ''] = (await bytes('GET / HTTP/9.9\r\n\r\n')).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*content-type: application\/vnd\.house\+json/s)
  expect(JSON.parse(body)).toMatchObject({ house: { status: 400, code: 'LIMBER_MALFORMED_REQUEST' } })
})

test('the headers of an error are sent in every format', async () => {
  const { ask } = await library({ errors: house })
  expect((await ask('/full', { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD')
  expect((await ask('/slow-down')).headers.get('retry-after')).toBe('7')
})

test('a class is made by the container, with what it injects', async () => {
  @injectable()
  class Branded implements ErrorFormat {
    constructor(private readonly house: House) {}
    render({ problem, request }: Failure) {
      const body = `${this.house.name}: ${problem.status} for ${request?.url ?? 'nobody knows what'}`
      return { contentType: 'text/plain', body, headers: { 'content-language': 'en' } }
    }
  }
  const { ask, bytes } = await library({ errors: Branded })
  const reply = await ask('/full')
  expect([reply.body, reply.headers.get('content-language')]).toEqual(['Limber House: 429 for /full', 'en'])
  expect(await bytes('nonsense\r\n\r\n')).toMatch('Limber House: 400 for nobody knows what')
})

test.for([
  ['throws', () => Promise.reject.call(null)],
  ['gives nothing', () => undefined],
  ['gives a promise', async () => ({ contentType: 'text/plain', body: 'late' })],
  ['gives a header that HTTP does not allow', () => ({ contentType: 'text/plain\r\nx: y', body: '' })],
] as [string, () => never][])(
  'a format that %s is reported, and problem details are sent',
  async ([, render]) => {
    const { ask, bytes, errors } = await library({ errors: { render } })
    const reply = await ask('/full')
    expect([reply.status, reply.headers.get('content-type')]).toEqual([429, 'application/problem+json'])
    expect(JSON.parse(reply.body).code).toBe('APP_TOO_MANY_BOOKS')
    expect(await bytes('nonsense\r\n\r\n')).toMatch('LIMBER_MALFORMED_REQUEST')
    expect(errors.map(({ err }) => err?.code)).toEqual(['LIMBER_ERROR_FORMAT', 'LIMBER_ERROR_FORMAT'])
  },
)
