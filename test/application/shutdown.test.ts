import { type Kernel, StopError } from 'limber'
import { describe, expect, test } from 'vitest'
import { rejection, turn } from '../container/print-shop.ts'
import { bootedApplication } from './booted-application.ts'
import { recordingKernel } from './recording.ts'

describe('stopping', () => {
  test('stops the kernels, last started first, then disposes what was made', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) =>
      app.singleton('print.size', () => 3, { dispose: () => log.push('dispose size') }),
    )
    app.make('print.size')
    await app.run(recordingKernel(log, 'http'))
    await app.run(recordingKernel(log, 'bot'))
    await app.stop()
    expect(log).toEqual(['start http', 'start bot', 'stop bot', 'stop http', 'dispose size'])
    expect(app.state).toBe('stopped')
  })

  test('lets kernels finish their work in scopes', async () => {
    const app = await bootedApplication((app) => app.scoped('print.size', () => 3))
    const finished: number[] = []
    const kernel: Kernel = {
      name: 'http',
      start: async () => undefined,
      stop: async () => void finished.push(await app.scope(() => app.make('print.size'))),
    }
    await app.run(kernel)
    await app.stop()
    expect(finished).toEqual([3])
  })

  test('tells kernels until when they may finish what is in flight', async () => {
    const app = await bootedApplication()
    const deadlines: number[] = []
    await app.run({
      name: 'http',
      start: async () => undefined,
      stop: async (until) => void deadlines.push(until),
    })
    const before = Date.now()
    await app.stop({ deadline: 5000 })
    expect(deadlines).toHaveLength(1)
    expect(deadlines[0]).toBeGreaterThanOrEqual(before + 5000)
    expect(deadlines[0]).toBeLessThan(before + 10_000)
  })

  test('tries everything and gathers all errors', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) => {
      app.singleton('print.size', () => 3, { dispose: () => Promise.reject(new Error('size stuck')) })
      app.singleton('print.paper', () => 'A4', { dispose: () => Promise.reject(new Error('paper stuck')) })
      app.singleton('print.order', () => ({ [Symbol.dispose]: () => log.push('order ended') }))
    })
    app.make('print.order')
    app.make('print.size')
    app.make('print.paper')
    const failing = (name: string, stop: Kernel['stop']): Kernel => ({ ...recordingKernel(log, name), stop })
    await app.run(recordingKernel(log, 'console'))
    await app.run(failing('http', () => Promise.reject(new Error('http hangs'))))
    await app.run(
      failing('bot', () => {
        throw new Error('bot threw at once')
      }),
    )
    const error = await rejection(app.stop())
    expect(error).toBeInstanceOf(StopError)
    expect((error as StopError).message).toBe(
      'Stopping met 4 errors: bot threw at once; http hangs; paper stuck; size stuck',
    )
    expect(log.slice(-2)).toEqual(['stop console', 'order ended'])
  })

  test('a second time does nothing, and awaits the first', async () => {
    const log: string[] = []
    const app = await bootedApplication()
    await app.run(recordingKernel(log, 'http'))
    await Promise.all([app.stop(), app.stop()])
    await app.stop()
    expect(log).toEqual(['start http', 'stop http'])
  })

  test('does not wait for itself, though the application is a service of its own', async () => {
    const app = await bootedApplication()
    expect(app.make('app')).toBe(app)
    await app.stop()
    expect(app.state).toBe('stopped')
  })

  test('happens at the end of an await using block', async () => {
    const log: string[] = []
    {
      await using app = await bootedApplication()
      await app.run(recordingKernel(log, 'http'))
    }
    expect(log).toEqual(['start http', 'stop http'])
  })

  test('while a kernel is starting stops that one too', async () => {
    const log: string[] = []
    const app = await bootedApplication()
    const slow: Kernel = { ...recordingKernel(log, 'http'), start: () => turn() }
    const running = rejection(app.run(slow))
    await app.stop()
    expect(await running).toMatchObject({ code: 'LIMBER_WRONG_STATE' })
    expect(log).toEqual(['stop http'])
  })
})

describe('running a kernel', () => {
  test('that fails to start is not stopped later', async () => {
    const log: string[] = []
    const app = await bootedApplication()
    const broken = { ...recordingKernel(log, 'http'), start: () => Promise.reject(new Error('port in use')) }
    expect(await rejection(app.run(broken))).toMatchObject({ message: 'port in use' })
    await app.stop()
    expect(log).toEqual([])
  })

  test('inside a scope does not leave it in that scope', async () => {
    const app = await bootedApplication()
    const open: unknown[] = []
    const kernel: Kernel = {
      name: 'http',
      start: async () => void open.push(app.currentScope()),
      stop: async () => undefined,
    }
    await app.scope(() => app.run(kernel))
    expect(open).toEqual([undefined])
  })
})
