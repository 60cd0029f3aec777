import { expect, test } from 'vitest'
import { faults } from '../../support/bot-api-server.ts'
import { type CallOutcome, callStored } from './internals.ts'
import { openTransport } from './opened.ts'

async function openCalls() {
  const { server, api } = await openTransport()
  const user = server.make.user()
  const call = (text: string, signal = new AbortController().signal) =>
    callStored(api, { method: 'sendMessage', payload: { chat_id: user.id, text } }, signal)
  return { server, api, user, call }
}

const isOf = ({ is }: CallOutcome) => is

test('a call that is taken is made, also one without parameters', async () => {
  const { server, api, user, call } = await openCalls()
  expect(await call('hello')).toEqual({ is: 'made' })
  expect(server.log.texts(user.id)).toEqual(['hello'])
  const { signal } = new AbortController()
  expect(await callStored(api, { method: 'getMe', payload: {} }, signal)).toEqual({ is: 'made' })
})

test('too many calls have to wait as long as the Bot API says', async () => {
  const { server, call } = await openCalls()
  server.fail('sendMessage', faults.tooMany(7))
  expect(await call('hello')).toEqual({ is: 'wait', ms: 7_000 })
  server.fail('sendMessage', { code: 429, description: 'Too Many Requests' })
  expect(await call('hello')).toEqual({ is: 'wait', ms: 1_000 })
})

test('what the Bot API will never take is refused, what may work later has failed', async () => {
  const { server, api, call } = await openCalls()
  const outcomes: Record<string, string> = {}
  for (const code of [400, 401, 403, 404, 409, 413, 500, 502]) {
    server.fail('sendMessage', { code, description: 'No' })
    outcomes[code] = isOf(await call('hello'))
  }
  for (const fault of ['drop', 'lost'] as const) {
    server.fail('sendMessage', fault)
    outcomes[fault] = isOf(await call('hello'))
  }
  expect(outcomes).toEqual({
    400: 'refused',
    401: 'failed',
    403: 'refused',
    404: 'refused',
    409: 'failed',
    413: 'refused',
    500: 'failed',
    502: 'failed',
    drop: 'failed',
    lost: 'failed',
  })
  const { signal } = new AbortController()
  expect(await callStored(api, { method: 'noSuchMethod', payload: { a: 1 } }, signal)).toMatchObject({
    is: 'refused',
    error: { error_code: 404 },
  })
})

test('a group that has become a supergroup is written to where it lives now', async () => {
  const { server, api } = await openCalls()
  const group = server.make.group()
  server.fail('sendMessage', {
    code: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    parameters: { migrate_to_chat_id: group.id },
  })
  const { signal } = new AbortController()
  const call = { method: 'sendMessage', payload: { chat_id: -77, text: 'hello' } }
  expect(await callStored(api, call, signal)).toEqual({ is: 'made' })
  expect(server.log.texts(group.id)).toEqual(['hello'])
})

test('a call that hangs is given up with its signal', async () => {
  const { server, call } = await openCalls()
  server.fail('sendMessage', 'hang')
  const controller = new AbortController()
  const outcome = call('hello', controller.signal)
  await server.until(() => server.log.attempts.length === 1)
  controller.abort()
  expect(isOf(await outcome)).toBe('failed')
})
