import { Container } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press } from './print-shop.ts'

describe('a transient service', () => {
  test('is made for each one who asks', () => {
    const container = new Container()
    container.bind('print.ink', () => new Ink())
    expect(container.make('print.ink')).not.toBe(container.make('print.ink'))
  })
})

describe('a singleton', () => {
  test('is made once, on first use', () => {
    const container = new Container()
    let made = 0
    container.singleton('print.size', () => ++made)
    expect(made).toBe(0)
    expect([container.make('print.size'), container.make('print.size')]).toEqual([1, 1])
  })

  test.each([undefined, null, 0, '', false, Number.NaN])('is made once when it is %s', (value) => {
    const container = new Container()
    let made = 0
    container.singleton('print.paper', () => {
      made++
      return value as never
    })
    container.make('print.paper')
    expect(container.make('print.paper')).toBe(value)
    expect(made).toBe(1)
  })

  test('is the same in every scope', async () => {
    const app = await bootedApplication((app) => app.singleton('print.ink', () => new Ink()))
    const first = await app.scope(() => app.make('print.ink'))
    expect(await app.scope(() => app.make('print.ink'))).toBe(first)
  })

  test('that failed to be made is made anew by the next one who asks', () => {
    const container = new Container()
    let tries = 0
    container.singleton('print.ink', () => {
      if (++tries === 1) throw new Error('the bottle is empty')
      return new Ink()
    })
    expect(() => container.make('print.ink')).toThrow('the bottle is empty')
    expect(container.make('print.ink')).toBeInstanceOf(Ink)
  })

  test('is kept apart from the same key of another container', () => {
    const [one, two] = [new Container(), new Container()]
    for (const container of [one, two]) container.singleton('print.ink', () => new Ink())
    expect(one.make('print.ink')).not.toBe(two.make('print.ink'))
  })
})

describe('a scoped service', () => {
  test('is the same for all who ask in one scope, and another in the next', async () => {
    const app = await bootedApplication((app) => app.scoped('print.ink', () => new Ink()))
    const inks = await app.scope(async () => {
      const first = app.make('print.ink')
      await Promise.resolve()
      return [first, app.make('print.ink')]
    })
    expect(inks[0]).toBe(inks[1])
    expect(await app.scope(() => app.make('print.ink'))).not.toBe(inks[0])
  })

  test.each([undefined, null, 0, '', false])('is made once per scope when it is %s', async (value) => {
    let made = 0
    const app = await bootedApplication((app) =>
      app.scoped('print.paper', () => {
        made++
        return value as never
      }),
    )
    await app.scope(() => [app.make('print.paper'), app.make('print.paper')])
    expect(made).toBe(1)
  })

  test('is shared by the transients that need it', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', () => new Ink())
      app.bind('print.press', (services) => new Press(services.make('print.ink')))
    })
    const [one, two] = await app.scope(() => [app.make('print.press'), app.make('print.press')])
    expect(one).not.toBe(two)
    expect(one.ink).toBe(two.ink)
  })
})
