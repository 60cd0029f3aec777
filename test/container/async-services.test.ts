import { AsyncServiceError, CircularServiceError, Container } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press, rejection, thrown, turn } from './print-shop.ts'

describe('an asynchronous singleton', () => {
  test('is given by makeAsync(), and from then on by make()', async () => {
    const container = new Container()
    container.singleton('print.ink', async () => new Ink())
    expect(thrown(() => container.make('print.ink'))).toBeInstanceOf(AsyncServiceError)
    const ink = await container.makeAsync('print.ink')
    expect(container.make('print.ink')).toBe(ink)
  })

  test('is made once for all who ask while it is on its way', async () => {
    const container = new Container()
    let made = 0
    container.singleton('print.size', async () => {
      await turn()
      return ++made
    })
    const asked = Array.from({ length: 50 }, () => container.makeAsync('print.size'))
    expect(new Set(await Promise.all(asked))).toEqual(new Set([1]))
  })

  test('that failed is tried again, and all who waited are told', async () => {
    const container = new Container()
    let tries = 0
    container.singleton('print.size', async () => {
      await turn()
      if (++tries === 1) throw new Error('no paper')
      return tries
    })
    const both = await Promise.allSettled([
      container.makeAsync('print.size'),
      container.makeAsync('print.size'),
    ])
    expect(both.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    expect(await container.makeAsync('print.size')).toBe(2)
  })

  test('whose factory only returns a promise says that it has to be awaited', async () => {
    const container = new Container()
    container.singleton('print.ink', () => Promise.resolve(new Ink()))
    expect(thrown(() => container.make('print.ink'))).toBeInstanceOf(AsyncServiceError)
    expect(await container.makeAsync('print.ink')).toBeInstanceOf(Ink)
    expect(container.make('print.ink')).toBeInstanceOf(Ink)
  })

  test('may be falsy', async () => {
    const container = new Container()
    let made = 0
    container.singleton('print.paper', async () => {
      made++
      return undefined
    })
    await container.makeAsync('print.paper')
    expect(container.make('print.paper')).toBeUndefined()
    expect(await container.makeAsync('print.paper')).toBeUndefined()
    expect(made).toBe(1)
  })

  test('names the services that need it when it is not ready', () => {
    const container = new Container()
    container.singleton('print.ink', async () => new Ink())
    container.singleton('print.press', (services) => new Press(services.make('print.ink')))
    expect(thrown(() => container.make('print.press'))).toHaveProperty('path', [
      '"print.press"',
      '"print.ink"',
    ])
  })
})

describe('ready()', () => {
  function shop() {
    const container = new Container()
    const made: string[] = []
    container.singleton('print.ink', async () => {
      made.push('ink')
      return new Ink()
    })
    container.singleton('print.size', async () => made.push('size'))
    container.singleton('print.order', (services) => services.make('print.ink'), { needs: ['print.ink'] })
    return { container, made }
  }

  test('makes every asynchronous singleton', async () => {
    const { container, made } = shop()
    await container.ready()
    expect(made).toEqual(['ink', 'size'])
  })

  test('makes only those that the given keys need, through declared needs', async () => {
    const { container, made } = shop()
    await container.ready(['print.order'])
    expect(made).toEqual(['ink'])
  })
})

describe('an asynchronous scoped service', () => {
  test('is given by makeAsync(), once per scope', async () => {
    const app = await bootedApplication((app) => app.scoped('print.ink', async () => new Ink()))
    await app.scope(async () => {
      expect(thrown(() => app.make('print.ink'))).toBeInstanceOf(AsyncServiceError)
      const [one, two] = await Promise.all([app.makeAsync('print.ink'), app.makeAsync('print.ink')])
      expect(one).toBe(two)
      expect(app.make('print.ink')).toBe(one)
    })
  })
})

test('an asynchronous transient service is made for each one who asks', async () => {
  const container = new Container()
  container.bind('print.ink', async () => new Ink())
  expect(await container.makeAsync('print.ink')).not.toBe(await container.makeAsync('print.ink'))
})

test('makeAsync() also gives services that are there at once', async () => {
  class Unbound {}
  const container = new Container()
  container.instance('print.size', 3)
  container.raw.bind('print.paper').toDynamicValue(async () => 'A4')
  expect(await container.makeAsync('print.size')).toBe(3)
  expect(await container.makeAsync(Unbound)).toBeInstanceOf(Unbound)
  expect(await container.makeAsync('print.paper')).toBe('A4')
})

describe('a circle of asynchronous services is an error, not a wait for ever', () => {
  test('when each asks at once', async () => {
    const container = new Container()
    container.singleton('print.ink', async (services) => services.makeAsync('print.press') as Promise<Ink>)
    container.singleton('print.press', async (services) => new Press(await services.makeAsync('print.ink')))
    const error = await rejection(container.makeAsync('print.ink'))
    expect(error).toBeInstanceOf(CircularServiceError)
    expect(error).toHaveProperty('path', ['"print.ink"', '"print.press"', '"print.ink"'])
  })

  test('when each asks after an await', async () => {
    const container = new Container()
    container.singleton('print.ink', async (services) => {
      await turn()
      return (await services.makeAsync('print.press')) as Ink
    })
    container.singleton('print.press', async (services) => {
      await turn()
      return new Press(await services.makeAsync('print.ink'))
    })
    expect(await rejection(container.makeAsync('print.ink'))).toBeInstanceOf(CircularServiceError)
  })

  test('when two callers start it from both ends', async () => {
    const container = new Container()
    container.singleton('print.ink', async (services) => {
      await turn()
      return (await services.makeAsync('print.press')) as Ink
    })
    container.singleton('print.press', async (services) => {
      await turn()
      return new Press(await services.makeAsync('print.ink'))
    })
    const both = [container.makeAsync('print.ink'), container.makeAsync('print.press')]
    const errors = (await Promise.allSettled(both)).map((r) =>
      r.status === 'rejected' ? r.reason : undefined,
    )
    expect(errors[0]).toBeInstanceOf(CircularServiceError)
    expect(errors[1]).toBeInstanceOf(CircularServiceError)
  })

  test('when it leads through a scope that a factory opens', async () => {
    const app = await bootedApplication((app) =>
      app.singleton('print.ink', async () => app.scope(() => app.makeAsync('print.ink'))),
    )
    expect(await rejection(app.makeAsync('print.ink'))).toBeInstanceOf(CircularServiceError)
  })
})
