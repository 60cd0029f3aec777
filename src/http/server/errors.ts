/** @module What can be wrong with the server: its configuration, its port, and when it is called. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'

export class InvalidHttpConfigError extends LimberError {
  readonly code = 'LIMBER_INVALID_HTTP_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  /** @param faults each with the path of its option: `cors.origin` */
  constructor(faults: readonly Fault[], cause?: unknown) {
    super(`config/http.ts has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, {
      faults,
      hint: 'Correct the values; docs/http.md lists every option with its unit.',
      cause,
    })
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
