import { expect, test } from 'vitest'
import { withRoutes } from '../http/serve-routes.ts'

test('a status on an error from elsewhere is not the status of the reply', async () => {
  const { http, errors } = await withRoutes((router) =>
    router.get('/it', () => {
      throw Object.assign(new Error('secret upstream'), { statusCode: 404 })
    }),
  )
  const reply = await http.inject('/it')
  expect(reply.json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(reply.payload).not.toContain('secret')
  expect(errors[0]).toMatchObject({ msg: 'secret upstream', route: 'GET /it' })
})
