import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ABILITIES } from './abilities.ts'
import { FaultApplication } from './fault-application.ts'
import { FAULTS } from './table.ts'

const server = new FaultApplication(ABILITIES)
beforeAll(async () => void (await server.start()))
afterAll(() => server.stop())

/** The status and the code of a refusal, or the body of a success, as the table has them. */
function summary(reply: string): string {
  if (reply === '') return 'closed'
  const interim = /^HTTP\/1\.1 100 Continue\r\n\r\n/.test(reply) ? '100, ' : ''
  const [head = '', body = ''] = reply.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
  const code = /application\/problem\+json/.test(head) ? String(JSON.parse(body).code) : body
  return `${interim}${status} ${code}`.trim()
}

describe.each(Object.entries(FAULTS))('%s', (_, rows) => {
  test.for(rows)('$fault: $answer', async ({ sent, answer }) => {
    expect(summary(await server.send(sent))).toBe(answer)
    await server.expectSound()
  })
})

test('after all of them no object has what it should not have', () => {
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})
