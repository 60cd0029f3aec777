import { Container, inject, injectable, printError } from 'limber'
import { describe, expect, test } from 'vitest'
import { bootedApplication, Ink, Press, rejection, thrown } from './print-shop.ts'

const printed = (fn: () => unknown) => printError(thrown(fn))

@injectable()
class Shelf {
  constructor(@inject('print.inc') readonly ink: Ink) {}
}

@injectable()
class BooksController {
  constructor(readonly shelf: Shelf) {}
}

describe('what a person reads', () => {
  test('when a service is not bound', () => {
    const container = new Container()
    container.registering('InkServiceProvider', () => container.singleton('print.ink', Ink))
    expect(printed(() => container.make(BooksController))).toMatchInlineSnapshot(`
      "BindingNotFoundError [LIMBER_BINDING_NOT_FOUND]: Nothing is bound to "print.inc".
        path  BooksController → Shelf → "print.inc"
        hint  Did you mean "print.ink"? It is bound by InkServiceProvider.
        help  docs/errors.md#limber_binding_not_found"
    `)
  })

  test('when a service is not bound and nothing like it is', () => {
    expect(printed(() => new Container().make('print.ink'))).toMatchInlineSnapshot(`
      "BindingNotFoundError [LIMBER_BINDING_NOT_FOUND]: Nothing is bound to "print.ink".
        path  "print.ink"
        hint  Bind it in the register() of a provider, or list the provider that binds it in config/app.ts.
        help  docs/errors.md#limber_binding_not_found"
    `)
  })

  test('when a misspelt name was bound by the application itself', () => {
    const container = new Container()
    container.instance('print.ink', new Ink())
    expect(printed(() => container.make('print.inc' as 'print.ink'))).toMatchInlineSnapshot(`
      "BindingNotFoundError [LIMBER_BINDING_NOT_FOUND]: Nothing is bound to "print.inc".
        path  "print.inc"
        hint  Did you mean "print.ink"? It is bound by the application.
        help  docs/errors.md#limber_binding_not_found"
    `)
  })

  test('when a factory asks for what is not bound', () => {
    const container = new Container()
    container.singleton('print.press', (services) => new Press(services.make('print.ink')))
    container.bind('print.order', (services) => ({ press: services.make('print.press') }))
    expect(printed(() => container.make('print.order'))).toMatchInlineSnapshot(`
      "BindingNotFoundError [LIMBER_BINDING_NOT_FOUND]: Nothing is bound to "print.ink".
        path  "print.order" → "print.press" → "print.ink"
        hint  Bind it in the register() of a provider, or list the provider that binds it in config/app.ts.
        help  docs/errors.md#limber_binding_not_found"
    `)
  })

  test('when a key is bound twice', () => {
    const container = new Container()
    container.instance('print.size', 1)
    expect(printed(() => container.instance('print.size', 2))).toMatchInlineSnapshot(`
      "DuplicateBindingError [LIMBER_DUPLICATE_BINDING]: "print.size" is already bound by the application; the application tried to bind it again.
        hint  Use rebind() to replace it, extend() to decorate it, or another key.
        help  docs/errors.md#limber_duplicate_binding"
    `)
  })

  test('when services need each other', () => {
    const container = new Container()
    container.singleton('print.ink', (services) => services.make('print.press') as Ink)
    container.singleton('print.press', (services) => new Press(services.make('print.ink')))
    expect(printed(() => container.make('print.ink'))).toMatchInlineSnapshot(`
      "CircularServiceError [LIMBER_CIRCULAR_SERVICE]: Making "print.ink" needs "print.ink" itself.
        path  "print.ink" → "print.press" → "print.ink"
        hint  Break the circle: move what both need into a third service, or ask for one of them later, when it is used.
        help  docs/errors.md#limber_circular_service"
    `)
  })

  test('when a singleton would hold a scoped service', () => {
    const container = new Container()
    container.scoped('print.ink', Ink)
    container.singleton('print.press', (services) => new Press(services.make('print.ink')))
    expect(printed(() => container.make('print.press'))).toMatchInlineSnapshot(`
      "CaptiveDependencyError [LIMBER_CAPTIVE_DEPENDENCY]: "print.press" lives as long as the application, but needs "print.ink", which ends with its scope.
        path  "print.press" → "print.ink"
        hint  Bind "print.press" with scoped(), or ask for "print.ink" inside the method that uses it.
        help  docs/errors.md#limber_captive_dependency"
    `)
  })

  test('when no scope is open', () => {
    const container = new Container()
    container.scoped('print.ink', Ink)
    expect(printed(() => container.make('print.ink'))).toMatchInlineSnapshot(`
      "OutsideScopeError [LIMBER_OUTSIDE_SCOPE]: "print.ink" is scoped, and no scope is open here.
        path  "print.ink"
        hint  Requests and commands open one; elsewhere use app.scope(async () => { … }).
        help  docs/errors.md#limber_outside_scope"
    `)
  })

  test('when a scope has ended', async () => {
    const app = await bootedApplication((app) => app.scoped('print.ink', Ink))
    const left = await app.scope(() => ({
      work: rejection(new Promise((r) => setImmediate(r)).then(() => app.make('print.ink'))),
    }))
    expect(printError(await left.work)).toMatchInlineSnapshot(`
      "ScopeClosedError [LIMBER_SCOPE_CLOSED]: "print.ink" was asked for after its scope had ended.
        hint  Await everything the scope starts, or give later work a scope of its own with app.scope().
        help  docs/errors.md#limber_scope_closed"
    `)
  })

  test('when an asynchronous service is not ready', () => {
    const container = new Container()
    container.singleton('print.ink', async () => new Ink())
    expect(printed(() => container.make('print.ink'))).toMatchInlineSnapshot(`
      "AsyncServiceError [LIMBER_ASYNC_SERVICE]: "print.ink" is made asynchronously and is not ready yet.
        path  "print.ink"
        hint  Await makeAsync("print.ink"); a singleton whose factory is declared async is made before the first scope.
        help  docs/errors.md#limber_async_service"
    `)
  })

  test('when a factory throws', () => {
    const container = new Container()
    container.registering('InkServiceProvider', () =>
      container.singleton('print.ink', () => {
        throw new Error('the bottle is empty')
      }),
    )
    container.bind('print.press', (services) => new Press(services.make('print.ink')))
    expect(printed(() => container.make('print.press'))).toMatchInlineSnapshot(`
      "ServiceFactoryError [LIMBER_SERVICE_FACTORY]: Making "print.ink" failed: the bottle is empty
        path  "print.press" → "print.ink"
        hint  Look at how it is made; it was bound by InkServiceProvider.
        help  docs/errors.md#limber_service_factory
        cause Error: the bottle is empty"
    `)
  })

  test('when a constructor throws', () => {
    @injectable()
    class Jammed {
      constructor() {
        throw new TypeError('paper jam')
      }
    }
    expect(printed(() => new Container().make(Jammed))).toMatchInlineSnapshot(`
      "ServiceFactoryError [LIMBER_SERVICE_FACTORY]: Making Jammed failed: paper jam
        path  Jammed
        hint  Look at the constructor of Jammed, and of what it injects.
        help  docs/errors.md#limber_service_factory
        cause TypeError: paper jam"
    `)
  })

  test('when a class is not marked as injectable', () => {
    class Unmarked {
      constructor(readonly ink: Ink) {}
    }
    @injectable()
    class Outer {
      constructor(readonly unmarked: Unmarked) {}
    }
    expect(printed(() => new Container().make(Outer))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Unmarked cannot be constructed: it takes 1 argument, but is not marked as injectable.
        path  Outer → Unmarked
        hint  Put @injectable() above class Unmarked.
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when a parameter has the type of an interface', () => {
    interface Colour {
      name: string
    }
    @injectable()
    class Painter {
      constructor(
        readonly ink: Ink,
        readonly colour: Colour,
      ) {}
    }
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: the type of parameter 2 is an interface or a union, which names no service.
        path  Painter
        hint  Name the service: @inject('the.key').
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when a parameter is a plain text', () => {
    @injectable()
    class Painter {
      constructor(readonly colour: string) {}
    }
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: the type of parameter 1 is a String, which names no service.
        path  Painter
        hint  Name the service: @inject('the.key').
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when two files import each other', () => {
    @injectable()
    class Painter {
      constructor(@inject(undefined as never) readonly colour: object) {}
    }
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: the type of parameter 1 is undefined; its file and this one probably import each other.
        path  Painter
        hint  Break the import cycle, or inject with @inject(new LazyServiceIdentifier(() => TheClass)).
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when two files import each other and the type alone names the class', () => {
    class Painter {
      constructor(readonly colour: object) {}
    }
    // What the compiler emits for a class of a file that is still being evaluated.
    Reflect.defineMetadata('design:paramtypes', [undefined], Painter)
    injectable()(Painter)
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: the type of parameter 1 is undefined; its file and this one probably import each other.
        path  Painter
        hint  Break the import cycle, or inject with @inject(new LazyServiceIdentifier(() => TheClass)).
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when the program that runs it emits no decorator metadata', () => {
    class Painter {
      constructor(readonly ink: Ink) {}
    }
    injectable()(Painter)
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: the program that runs your TypeScript does not emit decorator metadata.
        path  Painter
        hint  Run it with limber, or set emitDecoratorMetadata (tsx cannot do it); or name each key with @inject().
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when a class names its own lifetime', () => {
    @injectable('Singleton')
    class Painter {}
    expect(printed(() => new Container().make(Painter))).toMatchInlineSnapshot(`
      "NotInjectableError [LIMBER_NOT_INJECTABLE]: Painter cannot be constructed: @injectable('Singleton') names a lifetime, which is the work of a provider.
        path  Painter
        hint  Bind it in a provider with app.singleton(Painter) or app.scoped(Painter).
        help  docs/errors.md#limber_not_injectable"
    `)
  })

  test('when a provider makes a service while it registers', () => {
    const container = new Container()
    const register = () => container.registering('InkServiceProvider', () => container.make('print.ink'))
    expect(printed(register)).toMatchInlineSnapshot(`
      "MadeWhileRegisteringError [LIMBER_MADE_WHILE_REGISTERING]: InkServiceProvider asked for "print.ink" in register(), when not every provider has bound its services.
        hint  Move it into boot(), or into the factory that needs it.
        help  docs/errors.md#limber_made_while_registering"
    `)
  })

  test('when the application has stopped', async () => {
    const container = new Container()
    await container.dispose()
    expect(printed(() => container.make('print.ink'))).toMatchInlineSnapshot(`
      "ContainerDisposedError [LIMBER_CONTAINER_DISPOSED]: "print.ink" was asked for after the application had stopped.
        hint  Finish the work before stop(), or create a new application.
        help  docs/errors.md#limber_container_disposed"
    `)
  })
})

test('an error of a factory is kept as the cause', () => {
  const cause = new Error('the bottle is empty')
  const container = new Container()
  container.bind('print.ink', () => {
    throw cause
  })
  expect(thrown(() => container.make('print.ink'))).toMatchObject({ cause, path: ['"print.ink"'] })
})

test('an error of Limber that a factory throws is not wrapped', () => {
  const container = new Container()
  container.bind('print.ink', () => container.make('print.press') as Ink)
  expect(thrown(() => container.make('print.ink'))).toMatchObject({
    code: 'LIMBER_BINDING_NOT_FOUND',
    path: ['"print.ink"', '"print.press"'],
  })
})
