import { BindingNotFoundError, Container, DuplicateBindingError, inject, injectable } from 'limber'
import { describe, expect, test } from 'vitest'
import { Ink, Press, thrown } from './print-shop.ts'

describe('binding', () => {
  test('a factory is given the container to ask for more', () => {
    const container = new Container()
    container.instance('print.ink', new Ink('blue'))
    container.bind('print.press', (services) => new Press(services.make('print.ink')))
    expect(container.make('print.press').ink?.colour).toBe('blue')
  })

  test('a class can stand in for a factory', () => {
    const container = new Container()
    container.bind('print.ink', Ink)
    expect(container.make('print.ink')).toBeInstanceOf(Ink)
  })

  test('an instance is handed out as it is', () => {
    const container = new Container()
    const ink = new Ink()
    container.instance('print.ink', ink)
    expect(container.make('print.ink')).toBe(ink)
  })

  test('an abstract class is a key for its implementation', () => {
    abstract class Printer {
      abstract print(): string
    }
    class LaserPrinter extends Printer {
      print() {
        return 'zap'
      }
    }
    @injectable()
    class Office {
      constructor(readonly printer: Printer) {}
    }
    const container = new Container()
    container.bind(Printer, LaserPrinter)
    expect(container.make(Office).printer.print()).toBe('zap')
  })

  test('a key that is taken is refused, and both sides are named', () => {
    const container = new Container()
    container.registering('InkServiceProvider', () => container.bind('print.ink', Ink))
    const bindAgain = () =>
      container.registering('PressServiceProvider', () => container.singleton('print.ink', Ink))
    expect(thrown(bindAgain)).toBeInstanceOf(DuplicateBindingError)
    expect(bindAgain).toThrow(
      '"print.ink" is already bound by InkServiceProvider; PressServiceProvider tried to bind it again.',
    )
  })

  test('an alias does not take a key that is bound, nor a binding one that is an alias', () => {
    const container = new Container()
    container.instance('print.size', 1)
    container.alias('print.paper', 'print.paper2' as never)
    expect(() => container.alias('print.size', 'print.size')).toThrow(DuplicateBindingError)
    expect(() => container.instance('print.paper', 'a')).toThrow(DuplicateBindingError)
  })

  test('a key bound on the inversify container inside is taken as well', () => {
    const container = new Container()
    container.raw.bind('print.size').toConstantValue(1)
    expect(() => container.instance('print.size', 2)).toThrow(DuplicateBindingError)
    expect(container.make('print.size')).toBe(1)
  })

  test('a name without a factory or a class is refused with a code', () => {
    const bind = () => new Container().bind('print.ink', undefined as never)
    expect(bind).toThrow(expect.objectContaining({ code: 'LIMBER_NOT_INJECTABLE' }))
  })
})

describe('an alias', () => {
  test('gives the same service under a second name, also to classes that inject it', () => {
    @injectable()
    class Shelf {
      constructor(@inject('print.order') readonly ink: Ink) {}
    }
    const container = new Container()
    container.singleton('print.ink', Ink)
    container.alias('print.order', 'print.ink')
    expect(container.make('print.order')).toBe(container.make('print.ink'))
    expect(container.make(Shelf).ink).toBe(container.make('print.ink'))
  })

  test('may be given before its target is bound', () => {
    const container = new Container()
    container.alias('print.order', 'print.ink')
    container.instance('print.ink', new Ink('red'))
    expect(container.make('print.order')).toEqual(new Ink('red'))
  })

  test('for nothing says what is missing instead of asking itself for ever', () => {
    const container = new Container()
    container.alias('print.order', 'print.ink')
    const error = thrown(() => container.make('print.order'))
    expect(error).toBeInstanceOf(BindingNotFoundError)
    expect(error).toHaveProperty('message', 'Nothing is bound to "print.ink".')
    expect(error).toHaveProperty('path', ['"print.order"', '"print.ink"'])
  })

  test('that leads back to itself is refused', () => {
    const container = new Container()
    container.alias('print.order', 'print.ink')
    // The types refuse it, since not every order is an ink.
    expect(() => container.alias('print.ink', 'print.order' as never)).toThrow(
      expect.objectContaining({ code: 'LIMBER_CIRCULAR_SERVICE' }),
    )
    expect(() => container.alias('print.press', 'print.press')).toThrow(
      expect.objectContaining({ code: 'LIMBER_CIRCULAR_SERVICE' }),
    )
  })
})

describe('rebinding', () => {
  test('replaces the maker and keeps the lifetime', () => {
    const container = new Container()
    container.singleton('print.ink', () => new Ink('old'))
    container.make('print.ink')
    container.rebind('print.ink', () => new Ink('new'))
    expect(container.make('print.ink').colour).toBe('new')
    expect(container.make('print.ink')).toBe(container.make('print.ink'))
  })

  test('reaches classes that were constructed before', () => {
    @injectable()
    class Shelf {
      constructor(@inject('print.ink') readonly ink: Ink) {}
    }
    const container = new Container()
    container.singleton('print.ink', () => new Ink('old'))
    expect(container.make(Shelf).ink.colour).toBe('old')
    container.rebind('print.ink', () => new Ink('new'))
    expect(container.make(Shelf).ink.colour).toBe('new')
  })

  test('keeps the decorations of the key', () => {
    const container = new Container()
    container.singleton('print.ink', () => new Ink('red'))
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    container.rebind('print.ink', () => new Ink('green'))
    expect(container.make('print.ink').colour).toBe('dark green')
  })

  test('a key that nobody bound is refused', () => {
    expect(() => new Container().rebind('print.ink', Ink)).toThrow(BindingNotFoundError)
  })

  test('an instance to a factory makes it once, and not from a scoped service', () => {
    const container = new Container()
    container.scoped('print.press', () => new Press())
    container.instance('print.ink', new Ink())
    container.rebind('print.ink', (services) => services.make('print.press') as Ink)
    expect(() => container.make('print.ink')).toThrow(
      expect.objectContaining({ code: 'LIMBER_CAPTIVE_DEPENDENCY' }),
    )
  })
})

describe('extending', () => {
  test('decorates what is handed out, in the order of the calls', () => {
    const container = new Container()
    container.bind('print.ink', () => new Ink('red'))
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    container.extend('print.ink', (ink) => new Ink(`very ${ink.colour}`))
    expect(container.make('print.ink').colour).toBe('very dark red')
  })

  test('decorates a service that is made asynchronously', async () => {
    const container = new Container()
    container.singleton('print.ink', async () => new Ink('red'))
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    expect((await container.makeAsync('print.ink')).colour).toBe('dark red')
  })

  test('decorates an instance', () => {
    const container = new Container()
    container.instance('print.ink', new Ink('red'))
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    expect(container.make('print.ink').colour).toBe('dark red')
  })

  test('counts from then on for a singleton that exists already', () => {
    const container = new Container()
    container.singleton('print.ink', () => new Ink('red'))
    container.make('print.ink')
    container.extend('print.ink', (ink) => new Ink(`dark ${ink.colour}`))
    expect(container.make('print.ink').colour).toBe('dark red')
    expect(container.make('print.ink')).toBe(container.make('print.ink'))
  })

  test('nothing is an error', () => {
    expect(() => new Container().extend('print.ink', (ink) => ink)).toThrow(BindingNotFoundError)
  })
})

describe('tags', () => {
  test('collect services in the order they were tagged', () => {
    const container = new Container()
    container.instance('print.ink', new Ink('first'))
    container.instance('print.size', 2)
    container.tag('stock', 'print.ink')
    container.tag('stock', 'print.size')
    expect(container.tagged('stock')).toEqual([new Ink('first'), 2])
    expect(container.tagged('never tagged')).toEqual([])
  })
})

describe('has()', () => {
  test('knows bindings, aliases, classes and what inversify holds', () => {
    class Bound {}
    class Unbound {}
    const container = new Container()
    container.instance('print.ink', new Ink())
    container.alias('print.order', 'print.ink')
    container.bind(Bound)
    container.raw.bind('print.size').toConstantValue(1)
    const known = (['print.ink', 'print.order', 'print.size', 'print.press'] as const).map((key) =>
      container.has(key),
    )
    expect(known).toEqual([true, true, true, false])
    expect([container.has(Bound), container.has(Unbound)]).toEqual([true, false])
  })

  test('says no to an alias for nothing', () => {
    const container = new Container()
    container.alias('print.order', 'print.ink')
    expect(container.has('print.order')).toBe(false)
  })
})

test('the list names every binding, its lifetime and who bound it', () => {
  const container = new Container()
  container.registering('InkServiceProvider', () => container.scoped('print.ink', Ink))
  container.instance('print.size', 3)
  expect(container.list()).toEqual([
    { key: 'print.ink', lifetime: 'scoped', boundBy: 'InkServiceProvider' },
    { key: 'print.size', lifetime: 'instance', boundBy: 'the application' },
  ])
})
