import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { HttpContext, Middleware, Next, RequestFacts } from 'limber/http'
import { expect, test } from 'vitest'
import { Recorder, withRoutes } from '../http/serve-routes.ts'

const missing = path.join(tmpdir(), 'limber-there-is-no-such-file')

/** Long enough for the stream to have found out; an error that nobody hears ends the process, and this test run. */
async function untilItFailed() {
  for (let tries = 0; tries < 20; tries++) await access(missing).catch(() => undefined)
}

class SlowRecorder extends Recorder {
  override async commit() {
    await untilItFailed()
    await super.commit()
  }
}

class Looks implements Middleware {
  async handle(_facts: RequestFacts, next: Next) {
    const result = await next()
    await untilItFailed()
    return result
  }
}

test('a stream that fails during the commit is a 500', async () => {
  const recorder = new SlowRecorder()
  const { http, errors } = await withRoutes((router) =>
    router.get('/', ({ app }: HttpContext) => {
      recorder.join(app.currentScope())
      return createReadStream(missing)
    }),
  )
  expect((await http.inject('/')).json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(errors.map(({ err }) => err?.code)).toEqual(['ENOENT'])
})

test('a stream that fails while a middleware looks at it is a 500', async () => {
  const { http, errors } = await withRoutes((router) =>
    router.get('/', () => createReadStream(missing), { middleware: [Looks] }),
  )
  expect((await http.inject('/')).json()).toMatchObject({ status: 500, code: 'LIMBER_UNEXPECTED' })
  expect(errors.map(({ err }) => err?.code)).toEqual(['ENOENT'])
})
