import { expect, test } from 'vitest'
import { withRoutes } from '../http/serve-routes.ts'

const throwing = (name: string) =>
  Object.defineProperty(new Error('out of paper'), name, {
    enumerable: true,
    get() {
      throw new Error('no ink either')
    },
  })

const odd: [string, unknown][] = [
  ['an object without a text', Object.create(null)],
  ['an object whose text throws', { toString: () => expect.fail('asked for a text') }],
  ['an error whose message throws', throwing('message')],
  ['an error whose code throws', throwing('code')],
  ['an error with another property that throws', throwing('paper')],
]

test.for(odd)('%s is answered and logged like any other error', async ([, thrown]) => {
  const { http, errors } = await withRoutes((router) => router.get('/', () => Promise.reject(thrown)))
  expect((await http.inject('/')).json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(errors).toHaveLength(1)
  expect(errors[0]?.msg).toContain('cannot be put into words')
})
