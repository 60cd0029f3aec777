import { BindingNotFoundError, Container, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press } from './print-shop.ts'

function shop(): Container {
  const container = new Container()
  container.singleton('print.ink', () => new Ink('real'))
  return container
}

describe('a swap', () => {
  test('hands out another value until it is restored', () => {
    const container = shop()
    const real = container.make('print.ink')
    const swap = container.swap('print.ink', new Ink('fake'))
    expect(container.make('print.ink')).toBe(swap.value)
    swap.restore()
    expect(container.make('print.ink')).toBe(real)
    swap.restore()
    expect(container.make('print.ink')).toBe(real)
  })

  test('ends with its block', () => {
    const container = shop()
    {
      using swap = container.swap('print.ink', new Ink('fake'))
      expect(container.make('print.ink')).toBe(swap.value)
    }
    expect(container.make('print.ink').colour).toBe('real')
  })

  test('inside another gives the outer one back', () => {
    const container = shop()
    using _outer = container.swap('print.ink', new Ink('outer'))
    {
      using _inner = container.swap('print.ink', new Ink('inner'))
      expect(container.make('print.ink').colour).toBe('inner')
    }
    expect(container.make('print.ink').colour).toBe('outer')
  })

  test('may be restored before one that was made inside it', () => {
    const container = shop()
    const outer = container.swap('print.ink', new Ink('outer'))
    const inner = container.swap('print.ink', new Ink('inner'))
    outer.restore()
    expect(container.make('print.ink').colour).toBe('inner')
    inner.restore()
    expect(container.make('print.ink').colour).toBe('real')
  })

  test('reaches classes that inject the service, by name and by class', () => {
    @injectable()
    class Shelf {
      constructor(
        @inject('print.ink') readonly ink: Ink,
        readonly press: Press,
      ) {}
    }
    const container = shop()
    container.bind(Press, () => new Press())
    const press = new Press(new Ink('fake'))
    container.make(Shelf)
    using _ink = container.swap('print.ink', new Ink('fake'))
    using _press = container.swap(Press, press)
    expect(container.make(Shelf)).toEqual({ ink: new Ink('fake'), press })
  })

  test('reaches a class that nobody bound, and gives it back', () => {
    class Clock {
      now = () => 1
    }
    @injectable()
    class Diary {
      constructor(readonly clock: Clock) {}
    }
    const container = new Container()
    expect(container.make(Diary).clock.now()).toBe(1)
    {
      using _frozen = container.swap(Clock, { now: () => 0 })
      expect(container.make(Diary).clock.now()).toBe(0)
    }
    expect(container.make(Diary).clock.now()).toBe(1)
  })

  test('is seen under every name of the service', () => {
    const container = shop()
    container.alias('print.order', 'print.ink')
    using swap = container.swap('print.order', new Ink('fake'))
    expect(container.make('print.ink')).toBe(swap.value)
  })

  test('replaces a scoped service in every scope, and outside of them', async () => {
    const app = await bootedApplication((app) => app.scoped('print.ink', () => new Ink('real')))
    using swap = app.swap('print.ink', new Ink('fake'))
    expect(await app.scope(() => app.make('print.ink'))).toBe(swap.value)
    expect(app.make('print.ink')).toBe(swap.value)
  })

  test('replaces an asynchronous service without making it', async () => {
    const container = new Container()
    container.singleton('print.ink', async () => {
      throw new Error('made all the same')
    })
    using swap = container.swap('print.ink', new Ink('fake'))
    expect(container.make('print.ink')).toBe(swap.value)
    expect(await container.makeAsync('print.ink')).toBe(swap.value)
    await container.ready()
  })

  test('may be falsy', () => {
    const container = new Container()
    container.instance('print.paper', 'A4')
    using _swap = container.swap('print.paper', undefined)
    expect(container.make('print.paper')).toBeUndefined()
  })

  test('of a name that nobody bound is refused like any other typing mistake', () => {
    expect(() => shop().swap('print.inc' as 'print.ink', new Ink())).toThrow(BindingNotFoundError)
  })

  test('is not disposed with the container', async () => {
    const container = shop()
    let ended = 0
    const fake = Object.assign(new Ink(), { [Symbol.dispose]: () => ended++ })
    container.swap('print.ink', fake)
    container.make('print.ink')
    await container.dispose()
    expect(ended).toBe(0)
  })
})
