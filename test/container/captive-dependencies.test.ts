import { CaptiveDependencyError, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press, rejection, thrown } from './print-shop.ts'

@injectable()
class Shelf {
  constructor(@inject('print.ink') readonly ink: Ink) {}
}

@injectable()
class Shop {
  constructor(readonly shelf: Shelf) {}
}

function captive(fn: () => unknown): CaptiveDependencyError {
  const error = thrown(fn)
  expect(error).toBeInstanceOf(CaptiveDependencyError)
  return error as CaptiveDependencyError
}

describe('a singleton that would hold a scoped service is refused', () => {
  test('when it is a class, before anything is made', async () => {
    let made = 0
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', () => {
        made++
        return new Ink()
      })
      app.singleton(Shelf)
    })
    expect(captive(() => app.make(Shelf)).path).toEqual(['Shelf', '"print.ink"'])
    expect(app.verify()[0]).toBeInstanceOf(CaptiveDependencyError)
    expect(made).toBe(0)
  })

  test('through transients, with the whole path', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton(Shop)
    })
    const error = captive(() => app.make(Shop))
    expect(error.path).toEqual(['Shop', 'Shelf', '"print.ink"'])
    expect(error.message).toBe(
      'Shop lives as long as the application, but needs "print.ink", which ends with its scope.',
    )
  })

  test('through an alias', async () => {
    @injectable()
    class Stand {
      constructor(@inject('print.order') readonly ink: Ink) {}
    }
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.alias('print.order', 'print.ink')
      app.singleton(Stand)
    })
    captive(() => app.make(Stand))
  })

  test('through the needs that a factory declares, without running it', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton('print.press', () => new Press(), { needs: [Shelf] })
    })
    expect(app.verify().map((error) => error.path)).toEqual([['"print.press"', 'Shelf', '"print.ink"']])
  })

  test('through a factory when it runs, also inside a scope', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton('print.press', (services) => new Press(services.make('print.ink')))
    })
    expect(captive(() => app.make('print.press')).path).toEqual(['"print.press"', '"print.ink"'])
    await app.scope(() => captive(() => app.make('print.press')))
  })

  test('through a factory and the classes between', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton('print.order', (services) => services.make(Shop))
    })
    await app.scope(() => {
      expect(captive(() => app.make('print.order')).path).toEqual([
        '"print.order"',
        'Shop',
        'Shelf',
        '"print.ink"',
      ])
    })
  })

  test('through an asynchronous factory, also after its first await', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton('print.press', async (services) => {
        await Promise.resolve()
        return new Press(services.make('print.ink'))
      })
    })
    expect(await rejection(app.makeAsync('print.press'))).toBeInstanceOf(CaptiveDependencyError)
  })

  test('when another class has the same name as one that was found sound', async () => {
    const sound = (() => {
      @injectable()
      class Tray {}
      return Tray
    })()
    const unsound = (() => {
      @injectable()
      class Tray {
        constructor(@inject('print.ink') readonly ink: Ink) {}
      }
      return Tray
    })()
    @injectable()
    class Stand {
      constructor(
        @inject(sound) readonly one: object,
        @inject(unsound) readonly two: object,
      ) {}
    }
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', Ink)
      app.singleton(Stand)
    })
    captive(() => app.make(Stand))
  })
})

test('a singleton may ask for a scoped service in its methods', async () => {
  class Desk {
    constructor(readonly ink: () => Ink) {}
  }
  const app = await bootedApplication((app) => {
    app.scoped('print.ink', Ink)
    app.singleton(Desk, (services) => new Desk(() => services.make('print.ink')))
  })
  const desk = app.make(Desk)
  const [first, second] = [await app.scope(() => desk.ink()), await app.scope(() => desk.ink())]
  expect(first).not.toBe(second)
})
