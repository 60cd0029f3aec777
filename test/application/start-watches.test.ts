import { Application, ServiceProvider, type StartWatch } from 'limber'
import { expect, onTestFinished, test } from 'vitest'

declare module 'limber' {
  interface Services {
    'test.watch': StartWatch
  }
}

/** Boots an application with a watch, and gives what happens in order. */
async function watched(beforeStart: (log: string[]) => Promise<void>) {
  const log: string[] = []
  class WatchServiceProvider extends ServiceProvider {
    override register(): void {
      this.app.singleton('test.watch', () => ({
        beforeStart: () => beforeStart(log),
        afterStart: () => void log.push('after'),
      }))
      this.app.tag('start', 'test.watch')
    }
  }
  const app = new Application({ root: '.', config: {}, providers: [(own) => new WatchServiceProvider(own)] })
  onTestFinished(() => app.stop())
  await app.boot()
  const kernel = {
    name: 'test',
    start: async () => void log.push('start'),
    stop: async () => void log.push('stop'),
  }
  return { app, kernel, log }
}

test('what is tagged "start" is told before a kernel starts and after it', async () => {
  const { app, kernel, log } = await watched(async (lines) => void lines.push('before'))
  await app.run(kernel)
  expect(log).toEqual(['before', 'start', 'after'])
})

test('what it throws before the start stops it', async () => {
  const { app, kernel, log } = await watched(() => Promise.reject(new Error('not now')))
  await expect(app.run(kernel)).rejects.toThrow('not now')
  await app.stop()
  expect(log).toEqual([])
})

test('it is outside of the scope in which the kernel is started', async () => {
  const { app, kernel, log } = await watched(async (lines) => void lines.push(String(app.currentScope())))
  await app.scope(() => app.run(kernel))
  expect(log).toEqual(['undefined', 'start', 'after'])
})
