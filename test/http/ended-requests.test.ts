import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { recordingParticipant } from '../application/recording.ts'
import { loggedApplication } from './logged-application.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Serves a route whose work leaves something waiting, as a timer would wait. */
async function leavingWork() {
  const held: Record<string, WeakRef<object>> = {}
  const { promise, resolve } = Promise.withResolvers<void>()
  const logged = await loggedApplication((router) => {
    router.get('/books', ({ app, request }) => {
      const participant = recordingParticipant([], 'recording')
      app.currentScope()?.enlist(participant)
      Object.assign(held, { request: new WeakRef(request), participant: new WeakRef(participant) })
      void promise.then(() => app.make('log').info('late'))
      return 'shelf'
    })
  })
  return { ...logged, held, goOn: resolve }
}

test('what is left waiting in a request holds it no longer, and logs what the request would have logged', async () => {
  const { http, lines, held, goOn } = await leavingWork()
  const requestId = (await http.inject('/books')).headers['x-request-id']
  await vi.waitFor(() => {
    collectGarbage()
    // What is in the message of a failure would be held by it.
    const alive = Object.keys(held).filter((name) => held[name]?.deref() !== undefined)
    expect(alive).toEqual([])
  })
  goOn()
  await vi.waitFor(() => expect(lines.at(-1)).toMatchObject({ msg: 'late', requestId, label: 'GET /books' }))
})

test('work of its own that goes on when the request has ended finds it still', async () => {
  const released = new EventTarget()
  const found: unknown[] = []
  const { http } = await loggedApplication((router) => {
    router.get('/books', ({ app }) => {
      void app.scope(async () => {
        await once(released, 'release')
        found.push(app.make('http.request')?.url)
      })
      return 'shelf'
    })
  })
  await http.inject('/books?page=2')
  released.dispatchEvent(new Event('release'))
  await vi.waitFor(() => expect(found).toEqual(['/books?page=2']))
})
