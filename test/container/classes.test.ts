import {
  Container,
  inject,
  injectable,
  LazyServiceIdentifier,
  multiInject,
  optional,
  postConstruct,
} from 'limber'
import { describe, expect, test } from 'vitest'
import { Ink } from './print-shop.ts'

@injectable()
class Paper {
  readonly weight: number = 80
}

@injectable()
class Tray {
  constructor(readonly paper: Paper) {}
}

describe('a class', () => {
  test('is constructed from the types of its parameters without being bound', () => {
    @injectable()
    class Printer {
      constructor(
        readonly tray: Tray,
        readonly paper: Paper,
      ) {}
    }
    const printer = new Container().make(Printer)
    expect(printer.tray.paper).toBeInstanceOf(Paper)
    expect(printer.paper).not.toBe(printer.tray.paper)
  })

  test('gets services by name in its parameters', () => {
    @injectable()
    class Printer {
      constructor(@inject('print.ink') readonly ink: Ink) {}
    }
    const container = new Container()
    container.singleton('print.ink', Ink)
    expect(container.make(Printer).ink).toBe(container.make('print.ink'))
  })

  test('gets services in its properties', () => {
    @injectable()
    class Printer {
      @inject('print.ink') readonly ink!: Ink
    }
    const container = new Container()
    container.singleton('print.ink', Ink)
    expect(container.make(Printer).ink).toBe(container.make('print.ink'))
  })

  test('gets undefined for an optional service that is not bound, and the service when it is', () => {
    @injectable()
    class Printer {
      constructor(@inject('print.ink') @optional() readonly ink?: Ink) {}
    }
    expect(new Container().make(Printer).ink).toBeUndefined()
    const container = new Container()
    container.instance('print.ink', new Ink('red'))
    expect(container.make(Printer).ink?.colour).toBe('red')
  })

  test('gets an optional service that was bound after it was first constructed', () => {
    @injectable()
    class Printer {
      constructor(@inject('print.ink') @optional() readonly ink?: Ink) {}
    }
    const container = new Container()
    expect(container.make(Printer).ink).toBeUndefined()
    container.instance('print.ink', new Ink())
    expect(container.make(Printer).ink).toBeInstanceOf(Ink)
  })

  test('that was constructed unbound follows a binding that is made later', () => {
    const container = new Container()
    container.make(Tray)
    container.singleton(Paper)
    expect(container.make(Tray).paper).toBe(container.make(Paper))
  })

  test('may inject itself under another name that decorates it', () => {
    const container = new Container()
    container.bind(Paper)
    container.extend(Paper, (paper) => Object.assign(paper, { weight: 120 }))
    expect(container.make(Tray).paper.weight).toBe(120)
  })

  test('is initialised by its postConstruct method', () => {
    @injectable()
    class Printer {
      warm = false
      @postConstruct() warmUp() {
        this.warm = true
      }
    }
    expect(new Container().make(Printer).warm).toBe(true)
  })

  test('can inject a class of a file that imports its own', () => {
    @injectable()
    class Printer {
      constructor(@inject(new LazyServiceIdentifier(() => Paper)) readonly paper: Paper) {}
    }
    expect(new Container().make(Printer).paper).toBeInstanceOf(Paper)
  })

  test('gets everything that is bound on the inversify container to one name', () => {
    @injectable()
    class Printer {
      constructor(@multiInject('colours') readonly colours: string[]) {}
    }
    const container = new Container()
    container.raw.bind('colours').toConstantValue('red')
    container.raw.bind('colours').toConstantValue('blue')
    expect(container.make(Printer).colours).toEqual(['red', 'blue'])
  })
})

describe('a subclass', () => {
  @injectable()
  abstract class Machine {
    @inject('print.ink') declare readonly ink: Ink
    constructor(readonly paper: Paper) {}
  }

  function containerWithInk(): Container {
    const container = new Container()
    container.singleton('print.ink', Ink)
    return container
  }

  test('without a constructor takes the one of its base, and its properties', () => {
    @injectable()
    class Copier extends Machine {}
    const container = containerWithInk()
    const copier = container.make(Copier)
    expect(copier.paper).toBeInstanceOf(Paper)
    expect(copier.ink).toBe(container.make('print.ink'))
  })

  test('is treated the same two levels down and when it is not decorated itself', () => {
    @injectable()
    class Copier extends Machine {}
    class ColourCopier extends Copier {
      readonly colours = 4
    }
    const copier = containerWithInk().make(ColourCopier)
    expect(copier.paper).toBeInstanceOf(Paper)
    expect(copier.ink).toBeInstanceOf(Ink)
    expect(copier.colours).toBe(4)
  })

  test('with a constructor of its own is asked only for what that names', () => {
    @injectable()
    class Copier extends Machine {
      constructor() {
        super({ weight: 60 })
      }
    }
    const copier = containerWithInk().make(Copier)
    expect(copier.paper.weight).toBe(60)
    expect(copier.ink).toBeInstanceOf(Ink)
  })
})
