/** @module What can be wrong with routes, with the server and with the replies of handlers. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'

export class RouteConflictError extends LimberError {
  readonly code = 'LIMBER_ROUTE_CONFLICT'
  readonly kind: ErrorKind = 'internal'

  constructor(
    signature: string,
    taken: { readonly signature: string; readonly label: string },
    label: string,
  ) {
    super(`${signature} of ${label} is already taken by ${taken.signature} of ${taken.label}.`, {
      path: [taken.label, label],
      hint: 'Give one of them another path or method; the names of parameters make no difference.',
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

export class ServerStateError extends LimberError {
  readonly code = 'LIMBER_SERVER_STATE'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string, state: string, hint: string) {
    super(`${call} was called when the server was ${state}.`, { hint })
  }
}

export class PortInUseError extends LimberError {
  readonly code = 'LIMBER_PORT_IN_USE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(host: string, port: number, cause: unknown) {
    super(`Port ${port} on ${host} is already in use.`, {
      hint: `Stop the program that uses it, or choose another port: PORT=${port + 1}, or limber serve --port ${port + 1}.`,
      cause,
    })
  }
}

export class PortForbiddenError extends LimberError {
  readonly code = 'LIMBER_PORT_FORBIDDEN'
  readonly kind: ErrorKind = 'forbidden'

  constructor(host: string, port: number, cause: unknown) {
    super(`This user is not allowed to listen on port ${port} of ${host}.`, {
      hint: 'Choose a port from 1024 on with PORT, or give the process the right to use this one.',
      cause,
    })
  }
}

export class InvalidPortError extends LimberError {
  readonly code = 'LIMBER_INVALID_PORT'
  readonly kind: ErrorKind = 'invalid'

  constructor(port: unknown, cause: unknown) {
    super(`${String(port)} is not a port: it has to be a whole number from 0 to 65535.`, {
      hint: 'Correct "port" in config/http.ts; env.port() reads it from the environment and checks it.',
      cause,
    })
  }
}

export class HostNotAvailableError extends LimberError {
  readonly code = 'LIMBER_HOST_NOT_AVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(host: string, cause: unknown) {
    super(`"${host}" is not an address of this machine.`, {
      hint: 'Set HOST to 127.0.0.1 for this machine only, or to 0.0.0.0 for every network it is on.',
      cause,
    })
  }
}

export class ResponseInvalidError extends LimberError {
  readonly code = 'LIMBER_RESPONSE_INVALID'
  readonly kind: ErrorKind = 'internal'

  constructor(route: { readonly signature: string; readonly label: string }, faults: readonly Fault[]) {
    const places = faults.map((fault) => fault.path).join(', ')
    super(`The result of ${route.label} for ${route.signature} cannot be sent: ${places}`, {
      path: [route.signature, route.label],
      faults,
      hint: 'Correct what the handler returns, or the response schema of the route.',
    })
  }
}

export class InvalidReplyError extends LimberError {
  readonly code = 'LIMBER_INVALID_REPLY'
  readonly kind: ErrorKind = 'internal'

  constructor(reason: string, cause?: unknown) {
    super(reason, { hint: 'Look at response.status() and response.header() in the handler.', cause })
  }
}
