import { OutsideScopeError, ScopeClosedError } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, rejection, thrown, turn } from './print-shop.ts'

function shop() {
  return bootedApplication((app) => app.scoped('print.ink', () => new Ink()))
}

describe('a scope', () => {
  test('never shares its services with one of 2,000 others that run at the same time', async () => {
    const app = await shop()
    const visit = async (visitor: number) => {
      await (visitor % 3 === 0 ? turn() : Promise.resolve())
      const ink = app.make('print.ink')
      await turn()
      const again = await Promise.resolve().then(() => app.make('print.ink'))
      await (visitor % 2 === 0 ? turn() : Promise.resolve())
      expect([again, app.make('print.ink')]).toEqual([ink, ink])
      expect(again).toBe(ink)
      return ink
    }
    const visits = Array.from({ length: 2000 }, (_, visitor) => app.scope(() => visit(visitor)))
    expect(new Set(await Promise.all(visits)).size).toBe(2000)
  })

  test('inside another has services of its own, and gives the outer ones back at its end', async () => {
    const app = await shop()
    await app.scope(async () => {
      const outer = app.make('print.ink')
      const inner = await app.scope(() => app.make('print.ink'))
      expect(inner).not.toBe(outer)
      expect(app.make('print.ink')).toBe(outer)
    })
  })

  test('that has ended refuses the work that it left behind', async () => {
    const app = await shop()
    let end: () => void = Object
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const left = await app.scope(() => ({ work: rejection(ended.then(() => app.make('print.ink'))) }))
    end()
    const error = await left.work
    expect(error).toBeInstanceOf(ScopeClosedError)
    expect(error).toHaveProperty('message', '"print.ink" was asked for after its scope had ended.')
  })

  test('is named as what is missing when none is open', async () => {
    const app = await shop()
    const error = thrown(() => app.make('print.ink'))
    expect(error).toBeInstanceOf(OutsideScopeError)
    expect(error).toHaveProperty('hint', expect.stringContaining('app.scope('))
  })

  test('is found past the scope of another application that was opened inside it', async () => {
    const [outer, inner] = [await shop(), await shop()]
    await outer.scope(async () => {
      const ink = outer.make('print.ink')
      await inner.scope(async () => {
        await turn()
        expect(outer.make('print.ink')).toBe(ink)
        expect(inner.make('print.ink')).not.toBe(ink)
        expect(inner.make('print.ink')).toBe(inner.make('print.ink'))
      })
    })
  })

  test('that has ended is not held by the next one that its work opens', async () => {
    const app = await shop()
    let end: () => void = Object
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const left = await app.scope(() => ({ next: ended.then(() => app.scope((next) => next.outer)) }))
    end()
    expect(await left.next).toBeUndefined()
  })

  test('of one application is no scope of another', async () => {
    const [one, two] = [await shop(), await shop()]
    await one.scope(() => expect(() => two.make('print.ink')).toThrow(OutsideScopeError))
  })

  test('can be opened by the factory of an asynchronous singleton', async () => {
    const app = await bootedApplication((app) => {
      app.scoped('print.ink', () => new Ink('red'))
      app.singleton('print.paper', async () => app.scope(() => app.make('print.ink').colour))
    })
    expect(await app.scope(() => app.make('print.paper'))).toBe('red')
  })
})
