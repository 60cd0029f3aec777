import { describe, expect, test } from 'vitest'
import { rejection, turn } from '../container/print-shop.ts'
import { bootedApplication } from './booted-application.ts'
import { recordingKernel } from './recording.ts'

describe('asynchronous singletons', () => {
  test('are ready in the first scope', async () => {
    const app = await bootedApplication((app) =>
      app.singleton('print.paper', async () => {
        await turn()
        return 'A4'
      }),
    )
    expect(await app.scope(() => app.make('print.paper'))).toBe('A4')
  })

  test('are made once for scopes that open at the same time', async () => {
    let made = 0
    const app = await bootedApplication((app) => app.singleton('print.size', async () => ++made))
    const sizes = await Promise.all([1, 2, 3].map(() => app.scope(() => app.make('print.size'))))
    expect(sizes).toEqual([1, 1, 1])
  })

  test('that fail are tried again by the next scope', async () => {
    let tries = 0
    const app = await bootedApplication((app) =>
      app.singleton('print.size', async () => {
        if (++tries === 1) throw new Error('no paper')
        return tries
      }),
    )
    expect(await rejection(app.scope(() => 1))).toMatchObject({ code: 'LIMBER_SERVICE_FACTORY' })
    expect(await app.scope(() => app.make('print.size'))).toBe(2)
  })

  test('that a kernel needs are made before it starts, and no others', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) => {
      app.singleton('print.size', async () => log.push('size'))
      app.singleton('print.paper', async () => {
        log.push('paper')
        return 'A4'
      })
    })
    await app.run(recordingKernel(log, 'http', ['print.paper']))
    expect(log).toEqual(['paper', 'start http'])
    await app.run(recordingKernel(log, 'bot'))
    expect(log).toEqual(['paper', 'start http', 'size', 'start bot'])
  })
})
