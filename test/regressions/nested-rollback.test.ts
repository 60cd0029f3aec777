import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'

test('a rollback inside another one is refused: the end of the inner one would open the outer one', async () => {
  const app = await createTestApplication({ rollback: true, seed: 'database' })
  await expect(app.rollback()).rejects.toMatchObject({ code: 'LIMBER_NESTED_ROLLBACK' })
  expect((await app.inject('/books/1')).statusCode).toBe(200)
  await app[Symbol.asyncDispose]()
})
