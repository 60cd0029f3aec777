import { Container, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { Ink } from './print-shop.ts'

describe('verify()', () => {
  test('finds nothing wrong with a sound container, and makes nothing', () => {
    let made = 0
    const container = new Container()
    container.singleton('print.size', () => ++made)
    container.instance('print.ink', new Ink())
    container.alias('print.order', 'print.ink')
    container.tag('stock', 'print.size')
    container.raw.bind('print.paper').toConstantValue('A4')
    @injectable()
    class Desk {
      constructor(
        @inject('print.size') readonly size: number,
        @inject('print.paper') readonly paper: string,
      ) {}
    }
    expect(container.verify([Desk])).toEqual([])
    expect(made).toBe(0)
  })

  test('lists every fault once, those of one class together', () => {
    @injectable()
    class Shelf {
      constructor(
        @inject('print.inc') readonly ink: Ink,
        @inject('print.papre') readonly paper: string,
      ) {}
    }
    @injectable()
    class Shop {
      constructor(readonly shelf: Shelf) {}
    }
    @injectable()
    class Hen {
      constructor(@inject('print.order') readonly egg: object) {}
    }
    @injectable()
    class Stand {
      constructor(@inject('print.size') readonly size: number) {}
    }
    class Unmarked {
      constructor(readonly ink: Ink) {}
    }
    const container = new Container()
    container.singleton(Shop)
    container.singleton(Shelf)
    container.bind('print.order', Hen)
    container.scoped('print.size', () => 1)
    container.singleton(Stand)
    expect(container.verify([Unmarked]).map((error) => `${error.code} ${error.path.join(' → ')}`)).toEqual([
      'LIMBER_BINDING_NOT_FOUND Shop → Shelf → "print.inc"',
      'LIMBER_BINDING_NOT_FOUND Shop → Shelf → "print.papre"',
      'LIMBER_CIRCULAR_SERVICE "print.order" → "print.order"',
      'LIMBER_CAPTIVE_DEPENDENCY Stand → "print.size"',
      'LIMBER_NOT_INJECTABLE Unmarked',
    ])
  })

  test('finds a captive below a class that is sound on another way', () => {
    @injectable()
    class Shelf {
      constructor(@inject('print.ink') readonly ink: Ink) {}
    }
    @injectable()
    class Shop {
      constructor(readonly shelf: Shelf) {}
    }
    const container = new Container()
    container.scoped('print.ink', Ink)
    container.bind(Shelf)
    container.singleton(Shop)
    expect(container.verify().map((error) => error.path)).toEqual([['Shop', 'Shelf', '"print.ink"']])
  })

  test('names aliases and tags that lead nowhere', () => {
    const container = new Container()
    container.alias('print.order', 'print.ink')
    container.tag('stock', 'print.press')
    expect(container.verify().map((error) => error.path)).toEqual([
      ['"print.order"', '"print.ink"'],
      ['"print.press"'],
    ])
  })

  test('is not fooled by what an earlier run found', () => {
    @injectable()
    class Shelf {
      constructor(@inject('print.ink') readonly ink: Ink) {}
    }
    const container = new Container()
    expect(container.verify([Shelf])).toHaveLength(1)
    container.instance('print.ink', new Ink())
    expect(container.verify([Shelf])).toEqual([])
  })
})
