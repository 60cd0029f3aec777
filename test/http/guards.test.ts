import { type ClientRequest, type Guard, LimberError } from 'limber'
import { expect, test } from 'vitest'
import { Recorder, withRoutes } from './serve-routes.ts'

class StrangerError extends LimberError {
  readonly code = 'TEST_STRANGER'
  readonly kind = 'unauthenticated'
}

class Password implements Guard {
  readonly name = 'password'
  readonly seen: ClientRequest[] = []

  async admit(request: ClientRequest) {
    this.seen.push(request)
    if (request.headers.authorization !== 'open') throw new StrangerError('Who are you?')
  }
}

test('a guard decides before the body is read', async () => {
  const password = new Password()
  const { http } = await withRoutes((router) => router.post('/books', () => 'in', { guards: [password] }))
  const headers = { 'content-type': 'application/json' }
  const refused = await http.inject({ method: 'POST', url: '/books?x=1', headers, payload: '{' })
  expect(refused.json()).toMatchObject({ status: 401, code: 'TEST_STRANGER', detail: 'Who are you?' })
  expect(password.seen[0]).toMatchObject({ method: 'POST', url: '/books?x=1', ip: '127.0.0.1' })

  const admitted = { ...headers, authorization: 'open' }
  const reply = await http.inject({ method: 'POST', url: '/books', headers: admitted, payload: '{}' })
  expect(reply.body).toBe('in')
})

test('a guard runs in the unit of work of the request, which its refusal ends', async () => {
  const recorder = new Recorder()
  const counting: Guard = {
    name: 'counting',
    admit: (_request, app) => recorder.join(app.currentScope()),
  }
  const { http } = await withRoutes((router) =>
    router.get('/books', () => 'never', { guards: [counting, new Password()] }),
  )
  expect((await http.inject('/books')).statusCode).toBe(401)
  await recorder.closed.promise
  expect(recorder.calls).toEqual(['rollback', 'close'])
})

test('a guard that fails by mistake is a 500, not a way in', async () => {
  const broken: Guard = {
    name: 'broken',
    admit: () => {
      throw new TypeError('undefined is not a user')
    },
  }
  const { http } = await withRoutes((router) => router.get('/books', () => 'never', { guards: [broken] }))
  expect((await http.inject('/books')).statusCode).toBe(500)
})
