import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Socket } from 'limber/http'
import { expect, test } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { startLimber } from '../../support/run-limber.ts'
import { Recorder, serving } from '../serve-routes.ts'
import { talkTo } from './talk.ts'

const CLIENTS = 200

const clock = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { HttpServiceProvider } from 'limber/http'
    export default defineApp({ name: 'clock', providers: [HttpServiceProvider] })`,
  'config/http.ts': `
    import { defineHttp } from 'limber/http'
    export default defineHttp({ port: 0 })`,
  'app/http/routes.ts': `
    import { setTimeout } from 'node:timers/promises'
    import type { Router } from 'limber/http'
    let open = 0
    export default (router: Router) => {
      router.sse('/wait', async function* ({ signal }) {
        open++
        try {
          yield { data: 'ready' }
          await setTimeout(60_000, undefined, { signal })
        } finally {
          open--
          if (open === 0) console.log('All handlers have ended')
        }
      })
      router.ws('/talk', { message: () => 1 })
    }`,
}

test('200 clients that listen are let go in order when the server stops, which ends with 0', async () => {
  const limber = startLimber(['serve'], { cwd: appFolder(clock) })
  const url = /http:\S+/.exec(await limber.wrote('http://'))?.[0]
  const replies = await Promise.all(Array.from({ length: CLIENTS }, () => fetch(`${url}/wait`)))
  const bodies = replies.map(async (reply) => {
    let text = ''
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk)
      if (text.includes('ready')) ready()
    }
    return text
  })
  let missing = CLIENTS
  const allReady = Promise.withResolvers<void>()
  const ready = () => {
    missing--
    if (missing === 0) allReady.resolve()
  }
  const talk = await talkTo(`${url}/talk`)
  await allReady.promise

  limber.child.kill('SIGTERM')

  // A reply that broke off would reject.
  expect(new Set(await Promise.all(bodies))).toEqual(new Set([':\n\ndata: ready\n\n']))
  expect(await talk.closed).toMatchObject({ code: 1001, wasClean: true })
  const { code, stdout, stderr } = await limber.ended
  expect(code).toBe(0)
  // Nothing worse than information.
  expect(stderr).not.toMatch(/"level":[4-6]0/)
  expect(stdout).toContain('All handlers have ended')
})

test('a stop waits for what handlers of events do last, and closes their scopes before the application ends', async () => {
  const recorder = new Recorder()
  const started = Promise.withResolvers<void>()
  const { app, url, errors } = await serving((router) =>
    router.sse('/wait', async function* ({ signal }) {
      try {
        started.resolve()
        yield { data: 'ready' }
        await delay(60_000, undefined, { signal })
      } finally {
        recorder.join(app.currentScope())
        await delay(1)
        recorder.calls.push('cleaned up')
      }
    }),
  )
  const reply = await fetch(`${url}/wait`)
  await started.promise
  await app.stop()
  expect(await reply.text()).toBe(':\n\ndata: ready\n\n')
  expect(recorder.calls).toEqual(['cleaned up', 'rollback', 'close'])
  expect(errors).toEqual([])
})

/** A WebSocket whose message is handled when it is let go. */
async function slowly() {
  const recorder = new Recorder()
  const started = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const ends: number[] = []
  const served = await serving((router) =>
    router.ws('/slow', {
      async message(_message, { signal }: Socket) {
        recorder.join(served.app.currentScope())
        started.resolve()
        await letGo.promise
        if (!signal.aborted) await once(signal, 'abort')
        return { isAborted: signal.aborted }
      },
      close: (_socket, { code }) => ends.push(code),
    }),
  )
  return { ...served, recorder, started: started.promise, letGo: letGo.resolve, ends }
}

test('a message in flight is finished and answered, and then its connection is closed with 1001', async () => {
  const { app, url, recorder, started, letGo, ends, errors } = await slowly()
  const { say, hear, closed } = await talkTo(`${url}/slow`)
  say('a')
  await started
  const stopped = app.stop()
  letGo()
  expect(await hear()).toEqual({ isAborted: true })
  expect(await closed).toMatchObject({ code: 1001, wasClean: true })
  await stopped
  expect(recorder.calls).toEqual(['flush', 'commit', 'close'])
  expect([ends, errors]).toEqual([[1001], []])
})

test('a message that is not finished at the deadline is cut and rolled back', async () => {
  const { app, url, recorder, started, letGo, ends, errors } = await slowly()
  const { say, closed } = await talkTo(`${url}/slow`)
  say('a')
  await started
  await app.stop({ deadline: 0 })
  expect((await closed).code).toBe(1006)
  expect(recorder.calls).toEqual(['rollback', 'close'])
  letGo()
  await delay(1)
  expect(recorder.calls).toEqual(['rollback', 'close'])
  expect([ends, errors]).toEqual([[], []])
})
