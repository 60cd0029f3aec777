import { expect, test } from 'vitest'
import { Recorder, withRoutes } from '../http/serve-routes.ts'

test('a refusal that the handler sends by itself rolls back', async () => {
  const recorder = new Recorder()
  const { http } = await withRoutes((router) =>
    router.post('/books', ({ app, response }) => {
      recorder.join(app.currentScope())
      response.raw.code(400).send({ no: 1 })
    }),
  )
  const reply = await http.inject({ method: 'POST', url: '/books' })
  expect([reply.statusCode, reply.json()]).toEqual([400, { no: 1 }])
  expect(recorder.calls).toEqual(['rollback', 'close'])
})
