import { expect, test } from 'vitest'
import { withRoutes } from '../http/serve-routes.ts'

test.for([
  ['an error', () => new Error('x')],
  ['a web response', () => new Response('hi', { status: 418 })],
  ['a blob', () => new Blob(['x'])],
  ['an ArrayBuffer', () => new ArrayBuffer(3)],
  [
    'a generator in an object',
    () => ({
      rows: (function* () {
        yield 1
      })(),
    }),
  ],
  ['a symbol', () => Symbol('x')],
  ['a function', () => () => 1],
  ['search params', () => new URLSearchParams('a=1')],
  ['a promise that nobody awaits', () => ({ book: Promise.resolve(1) })],
  ['a function in a list', () => [() => 1]],
] as [string, () => unknown][])('%s is a 500 that says so, not an empty reply', async ([, answer]) => {
  const { http, errors } = await withRoutes((router) => router.get('/it', answer))
  const reply = await http.inject('/it')
  expect(reply.json()).toMatchObject({ status: 500, code: 'LIMBER_RESPONSE_INVALID' })
  expect(errors[0]?.err?.faults).toEqual([
    { path: expect.stringMatching(/^result/), message: expect.stringMatching(/^It is (a|an) \w+/) },
  ])
})

test('a generator is not an empty reply either: it is sent item by item', async () => {
  const { http } = await withRoutes((router) =>
    router.get('/it', async function* () {
      yield 1
      yield { two: 2 }
    }),
  )
  expect((await http.inject('/it')).body).toBe('1\n{"two":2}\n')
})

test('what says by itself how it is written may be anything', async () => {
  const listed = Object.assign(new Error('x'), { toJSON: () => 'an error' })
  const result = { url: new URL('http://example.org/'), listed, bare: Object.create(null) }
  const { http } = await withRoutes((router) => router.get('/it', () => result))
  expect((await http.inject('/it')).json()).toEqual({
    url: 'http://example.org/',
    listed: 'an error',
    bare: {},
  })
})
