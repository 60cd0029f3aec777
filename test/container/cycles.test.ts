import { CircularServiceError, Container, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press, thrown } from './print-shop.ts'

/** The error of a circle, checked to be one. */
function circle(fn: () => unknown): CircularServiceError {
  const error = thrown(fn)
  expect(error).toBeInstanceOf(CircularServiceError)
  return error as CircularServiceError
}

describe('a circle', () => {
  test('of classes is refused with its path', () => {
    @injectable()
    class Hen {
      constructor(@inject('print.order') readonly egg: object) {}
    }
    @injectable()
    class Egg {
      constructor(readonly hen: Hen) {}
    }
    const container = new Container()
    container.bind('print.order', Egg)
    expect(circle(() => container.make(Hen)).path).toEqual(['Hen', '"print.order"', 'Hen'])
    expect(circle(() => container.make('print.order')).path.at(-1)).toBe('"print.order"')
  })

  test.each(['bind', 'singleton', 'scoped'] as const)(
    'of factories given to %s() is refused',
    async (verb) => {
      const app = await bootedApplication((app) => {
        // The three verbs take the same arguments.
        const bind = app[verb].bind(app) as typeof app.singleton
        bind('print.ink', (services) => services.make('print.press') as Ink)
        bind('print.press', (services) => new Press(services.make('print.ink')))
      })
      await app.scope(() => {
        const { path } = circle(() => app.make('print.ink'))
        expect(path).toEqual(['"print.ink"', '"print.press"', '"print.ink"'])
      })
    },
  )

  test('of a class and a factory is refused', () => {
    @injectable()
    class Hen {
      constructor(@inject('print.order') readonly egg: object) {}
    }
    const container = new Container()
    container.bind('print.order', (services) => services.make(Hen))
    expect(circle(() => container.make(Hen)).path).toEqual(['Hen', '"print.order"', 'Hen'])
  })

  test('through an alias is refused', () => {
    const container = new Container()
    container.bind('print.ink', (services) => services.make('print.order') as Ink)
    container.alias('print.order', 'print.ink')
    expect(circle(() => container.make('print.ink')).path).toEqual(['"print.ink"', '"print.ink"'])
  })

  test('through a decoration is refused', () => {
    const container = new Container()
    container.singleton('print.ink', Ink)
    container.extend('print.ink', (_, services) => services.make('print.ink'))
    circle(() => container.make('print.ink'))
  })

  test('does not keep a service from being made later, once it is broken', () => {
    const container = new Container()
    container.singleton('print.ink', (services) => services.make('print.ink'))
    circle(() => container.make('print.ink'))
    container.rebind('print.ink', Ink)
    expect(container.make('print.ink')).toBeInstanceOf(Ink)
  })
})

test('the same service twice on two ways is no circle', () => {
  @injectable()
  class Paper {}
  @injectable()
  class Tray {
    constructor(readonly paper: Paper) {}
  }
  @injectable()
  class Printer {
    constructor(
      readonly one: Tray,
      readonly two: Tray,
    ) {}
  }
  expect(new Container().make(Printer).two.paper).toBeInstanceOf(Paper)
})

test('a factory may hand out a function that asks for its own service later', () => {
  const container = new Container()
  container.singleton('print.order', (services) => ({ again: () => services.make('print.order') }))
  const order = container.make('print.order') as { again(): object }
  expect(order.again()).toBe(order)
})
