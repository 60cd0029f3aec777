/** @module What can go wrong when modules are loaded, used and unloaded. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { suggest } from '../support/suggest.ts'

export class ModuleNotFoundError extends LimberError {
  readonly code = 'LIMBER_MODULE_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(name: string, known: readonly string[]) {
    const near = suggest(name, known)
    super(`There is no module "${name}".`, {
      hint: near
        ? `Did you mean "${near}"?`
        : `Name one of these: ${known.join(', ') || 'there are none'}; modules in config/app.ts says where they are.`,
    })
  }
}
