/** @module What can be wrong with routes, their names and their controllers. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class RouteConflictError extends LimberError {
  readonly code = 'LIMBER_ROUTE_CONFLICT'
  readonly kind: ErrorKind = 'internal'

  readonly #facts: [string, { readonly signature: string; readonly label: string }, string]

  constructor(
    signature: string,
    taken: { readonly signature: string; readonly label: string },
    label: string,
    hint = 'Give one of them another path or method; the names of parameters make no difference.',
  ) {
    super(`${signature} of ${label} is already taken by ${taken.signature} of ${taken.label}.`, {
      path: [taken.label, label],
      hint,
    })
    this.#facts = [signature, taken, label]
  }

  /** The same conflict, with another way out. */
  withHint(hint: string): RouteConflictError {
    return new RouteConflictError(...this.#facts, hint)
  }
}

export class RouteNameTakenError extends LimberError {
  readonly code = 'LIMBER_ROUTE_NAME_TAKEN'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, taken: NamedRoute, route: NamedRoute) {
    super(`The name "${name}" of ${route.signature} is already that of ${taken.signature}.`, {
      path: [taken.label, route.label],
      hint: 'Give one of them another name.',
    })
  }
}

interface NamedRoute {
  readonly signature: string
  readonly label: string
}

export class UnknownRouteNameError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_ROUTE_NAME'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, near: string | undefined) {
    super(`There is no route with the name "${name}".`, {
      hint: near ? `Did you mean "${near}"?` : 'limber routes lists the names.',
    })
  }
}

export class PathParameterError extends LimberError {
  readonly code = 'LIMBER_PATH_PARAMETER'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, path: string, parameter: string, value: string) {
    const reason =
      value === '' ? 'is missing or empty' : `is "${value}", which stands for another path, or for none`
    super(`No URL can be made for "${name}" (${path}): its parameter "${parameter}" ${reason}.`, {
      hint: `Give it a value: router.url('${name}', { ${parameter}: … }).`,
    })
  }
}

export class ControllerError extends LimberError {
  readonly code = 'LIMBER_CONTROLLER'
  readonly kind: ErrorKind = 'internal'

  constructor(label: string, reason: string) {
    super(`${label} cannot answer: ${reason}`, {
      path: [label],
      hint: 'Correct the route, or the controller.',
    })
  }
}

export class InvalidRouteError extends LimberError {
  readonly code = 'LIMBER_INVALID_ROUTE'
  readonly kind: ErrorKind = 'internal'

  constructor(signature: string, label: string, reason: string, hint: string) {
    super(`${signature} of ${label} cannot be a route: ${reason}`, { path: [label], hint })
  }
}

export class RoutesFileError extends LimberError {
  readonly code = 'LIMBER_ROUTES_FILE'
  readonly kind: ErrorKind = 'internal'

  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, { path: [file], hint, cause })
  }
}
