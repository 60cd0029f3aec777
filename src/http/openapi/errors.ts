/** @module What can be wrong with the OpenAPI document and with its configuration. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class OpenApiConfigError extends LimberError {
  readonly code = 'LIMBER_OPEN_API_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  constructor(reason: string, hint: string) {
    super(`The "openapi" of config/http.ts cannot be used: ${reason}`, { hint })
  }
}

/** Two routes mean different things by one name. */
export class ComponentConflictError extends LimberError {
  readonly code = 'LIMBER_COMPONENT_CONFLICT'
  readonly kind: ErrorKind = 'internal'

  constructor(what: 'schemas' | 'security schemes', name: string, first: string, second: string) {
    super(`"${name}" names two different ${what}: one of ${first}, and one of ${second}.`, {
      path: [first, second],
      hint: 'Give one of them another name, or use the same one in both places.',
    })
  }
}
