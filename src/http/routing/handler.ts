/** @module Who answers a route: a function, or a method of a class that the container makes for each request. */
import type { Application } from '../../application/application.ts'
import { type Constructor, isClass } from '../../support/class-of.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { ControllerError } from './errors.ts'

/** A class, or the import of the file that exports it. */
export type ControllerSource = Constructor | (() => Promise<object>)

/** A handler whose fit with the schemas was checked when the route was written. */
export type RouteHandler =
  | ((...facts: never) => unknown)
  | readonly [controller: ControllerSource, method: string]

export class Handler {
  readonly #name: string
  #function: ((...facts: never) => unknown) | undefined
  #import: (() => Promise<object>) | undefined
  #controller: Constructor | undefined

  constructor(handler: RouteHandler) {
    if (typeof handler === 'function') {
      this.#function = handler
      this.#name = handler.name
      return
    }
    const [source, method] = handler
    this.#name = method
    if (isClass(source)) this.#controller = source
    // What is no class is, by its type, a function that imports.
    else this.#import = source as () => Promise<object>
  }

  /** `BooksController.show`, or the name of a function. */
  get label(): string {
    if (this.#function) return this.#name || '(anonymous function)'
    return `${this.#controller?.name ?? fileOf(this.#import)}.${this.#name}`
  }

  /**
   * Gives the class that is made for each request; undefined where a function answers. That of a file is imported when
   * somebody asks for the first time.
   *
   * @throws {ControllerError} when the file does not export exactly one class
   */
  async controller(): Promise<Constructor | undefined> {
    if (this.#import && !this.#controller) {
      const classes = Object.values(await this.#import()).filter(isClass)
      if (classes.length !== 1) {
        const names = classes.map(({ name }) => name).join(', ') || 'none'
        throw new ControllerError(this.label, `its file has to export one class, and exports ${names}.`)
      }
      this.#controller = classes[0]
    }
    return this.#controller
  }

  /** Calls it, in the scope that is open. */
  invoke(app: Application, context: HttpContext): unknown {
    if (this.#function) return Reflect.apply(this.#function, undefined, [context])
    if (this.#controller) return this.#call(app, this.#controller, context)
    return this.controller().then((type) => type && this.#call(app, type, context))
  }

  #call(app: Application, type: Constructor, context: HttpContext): unknown {
    const controller = app.make<unknown>(type)
    const method: unknown = Reflect.get(Object(controller), this.#name)
    if (typeof method !== 'function')
      throw new ControllerError(this.label, `it has no method "${this.#name}".`)
    return Reflect.apply(method, controller, [context])
  }
}

/** The file that a function imports, as far as its text tells: nobody has called it yet. */
function fileOf(load: (() => Promise<object>) | undefined): string {
  return /["'`]([^"'`]+)["'`]/.exec(String(load))?.[1] ?? '(lazy controller)'
}
