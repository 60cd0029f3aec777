import { Container } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press, rejection, turn } from './print-shop.ts'

/** A service that notes in a log when it ends. */
function noting(log: string[], name: string) {
  return Object.assign(new Ink(name), { [Symbol.dispose]: () => void log.push(name) })
}

describe('disposing a container', () => {
  test('ends its singletons newest first: what was needed ends after who needed it', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', () => noting(log, 'ink'))
    container.singleton('print.press', (services) =>
      Object.assign(new Press(services.make('print.ink')), {
        [Symbol.dispose]: () => void log.push('press'),
      }),
    )
    container.make('print.press')
    await container.dispose()
    expect(log).toEqual(['press', 'ink'])
  })

  test('ends only what was made', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', () => noting(log, 'ink'))
    await container.dispose()
    expect(log).toEqual([])
  })

  test('prefers the dispose option, then Symbol.asyncDispose, and awaits each', async () => {
    const log: string[] = []
    const container = new Container()
    const both = (name: string) => ({
      async [Symbol.asyncDispose]() {
        await turn()
        log.push(`${name} async`)
      },
      [Symbol.dispose]: () => void log.push(`${name} sync`),
    })
    container.singleton('print.order', () => both('order'))
    container.singleton('print.ink', () => Object.assign(new Ink(), both('ink')), {
      dispose: async (ink) => {
        await turn()
        log.push(`option ${ink.colour}`)
      },
    })
    container.make('print.order')
    container.make('print.ink')
    await container.dispose()
    expect(log).toEqual(['option black', 'order async'])
  })

  test('tries every service and gathers all errors', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.order', () => noting(log, 'order'))
    container.singleton('print.ink', Ink, {
      dispose: () => {
        throw new Error('ink spilled')
      },
    })
    container.singleton('print.press', () => new Press(), {
      dispose: () => Promise.reject(new Error('press jammed')),
    })
    container.make('print.order')
    container.make('print.ink')
    container.make('print.press')
    const error = await rejection(container.dispose())
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors.map(String)).toEqual([
      'Error: press jammed',
      'Error: ink spilled',
    ])
    expect(log).toEqual(['order'])
  })

  test('a second time does nothing', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', () => noting(log, 'ink'))
    container.make('print.ink')
    await Promise.all([container.dispose(), container.dispose()])
    await container.dispose()
    expect(log).toEqual(['ink'])
  })

  test('leaves instances alone: whoever made them ends them', async () => {
    const log: string[] = []
    const container = new Container()
    container.instance('print.ink', noting(log, 'ink'))
    container.make('print.ink')
    await container.dispose()
    expect(log).toEqual([])
  })

  test('leaves transients alone', async () => {
    const log: string[] = []
    const container = new Container()
    container.bind('print.ink', () => noting(log, 'ink'))
    container.make('print.ink')
    await container.dispose()
    expect(log).toEqual([])
  })

  test('ends what a singleton decorates, when the decoration cannot', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', () => noting(log, 'ink'))
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    container.make('print.ink')
    await container.dispose()
    expect(log).toEqual(['ink'])
  })

  test('ends what was replaced by rebind() too', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', () => noting(log, 'old'))
    container.make('print.ink')
    container.rebind('print.ink', () => noting(log, 'new'))
    container.make('print.ink')
    await container.dispose()
    expect(log).toEqual(['new', 'old'])
  })

  test('ends a service that was still on its way', async () => {
    const log: string[] = []
    const container = new Container()
    container.singleton('print.ink', async () => {
      await turn()
      return noting(log, 'late ink')
    })
    const late = rejection(container.makeAsync('print.ink'))
    await container.dispose()
    expect(await late).toHaveProperty('code', 'LIMBER_CONTAINER_DISPOSED')
    expect(log).toEqual(['late ink'])
  })

  test('makes asking for a service an error', async () => {
    const container = new Container()
    container.singleton('print.ink', Ink)
    await container.dispose()
    const disposed = expect.objectContaining({ code: 'LIMBER_CONTAINER_DISPOSED' })
    expect(() => container.make('print.ink')).toThrow(disposed)
    expect(await rejection(container.makeAsync('print.ink'))).toEqual(disposed)
  })
})

describe('the end of a scope', () => {
  test('ends its services newest first, and no singleton', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) => {
      app.singleton('print.order', () => noting(log, 'singleton'))
      app.scoped('print.ink', () => noting(log, 'ink'))
      app.scoped('print.press', (services) =>
        Object.assign(new Press(services.make('print.ink')), {
          [Symbol.asyncDispose]: async () => log.push('press'),
        }),
      )
    })
    await app.scope(() => [app.make('print.order'), app.make('print.press')])
    expect(log).toEqual(['press', 'ink'])
  })

  test('ends a service that was still on its way', async () => {
    const log: string[] = []
    const app = await bootedApplication((app) =>
      app.scoped('print.ink', async () => {
        await turn()
        return noting(log, 'late ink')
      }),
    )
    const left = await app.scope(() => ({ work: rejection(app.makeAsync('print.ink')) }))
    expect(await left.work).toHaveProperty('code', 'LIMBER_SCOPE_CLOSED')
    expect(log).toEqual(['late ink'])
  })
})
