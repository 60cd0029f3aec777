/** @module What can go wrong when services are bound and made. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { messageOf } from '../support/message-of.ts'
import { suggest } from '../support/suggest.ts'
import { keyName } from './services.ts'

type Path = readonly string[]

export class BindingNotFoundError extends LimberError {
  readonly code = 'LIMBER_BINDING_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  constructor(
    key: unknown,
    path: Path,
    known: Iterable<string>,
    boundBy: (name: string) => string | undefined,
  ) {
    const near = typeof key === 'string' ? suggest(key, known) : undefined
    super(`Nothing is bound to ${keyName(key)}.`, {
      path,
      hint: near
        ? `Did you mean "${near}"? It is bound by ${boundBy(near) ?? 'the application'}.`
        : 'Bind it in the register() of a provider, or list the provider that binds it in config/app.ts.',
    })
  }
}

export class DuplicateBindingError extends LimberError {
  readonly code = 'LIMBER_DUPLICATE_BINDING'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown, boundBy: string, secondBy: string) {
    super(`${keyName(key)} is already bound by ${boundBy}; ${secondBy} tried to bind it again.`, {
      hint: 'Use rebind() to replace it, extend() to decorate it, or another key.',
    })
  }
}

export class CircularServiceError extends LimberError {
  readonly code = 'LIMBER_CIRCULAR_SERVICE'
  readonly kind: ErrorKind = 'internal'

  constructor(path: Path) {
    super(`Making ${path.at(-1)} needs ${path.at(-1)} itself.`, {
      path,
      hint: 'Break the circle: move what both need into a third service, or ask for one of them later, when it is used.',
    })
  }
}

export class CaptiveDependencyError extends LimberError {
  readonly code = 'LIMBER_CAPTIVE_DEPENDENCY'
  readonly kind: ErrorKind = 'internal'

  constructor(singleton: string, scoped: string, path: Path) {
    super(`${singleton} lives as long as the application, but needs ${scoped}, which ends with its scope.`, {
      path,
      hint: `Bind ${singleton} with scoped(), or ask for ${scoped} inside the method that uses it.`,
    })
  }
}

export class OutsideScopeError extends LimberError {
  readonly code = 'LIMBER_OUTSIDE_SCOPE'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown, path: Path) {
    super(`${keyName(key)} is scoped, and no scope is open here.`, {
      path,
      hint: 'Requests and commands open one; elsewhere use app.scope(async () => { … }).',
    })
  }
}

export class ScopeClosedError extends LimberError {
  readonly code = 'LIMBER_SCOPE_CLOSED'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown) {
    super(`${keyName(key)} was asked for after its scope had ended.`, {
      hint: 'Await everything the scope starts, or give later work a scope of its own with app.scope().',
    })
  }
}

export class AsyncServiceError extends LimberError {
  readonly code = 'LIMBER_ASYNC_SERVICE'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown, path: Path) {
    super(`${keyName(key)} is made asynchronously and is not ready yet.`, {
      path,
      hint: `Await makeAsync(${keyName(key)}); a singleton whose factory is declared async is made before the first scope.`,
    })
  }
}

export class ServiceFactoryError extends LimberError {
  readonly code = 'LIMBER_SERVICE_FACTORY'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown, boundBy: string | undefined, path: Path, cause: unknown) {
    super(`Making ${keyName(key)} failed: ${messageOf(cause)}`, {
      path,
      hint: boundBy
        ? `Look at how it is made; it was bound by ${boundBy}.`
        : `Look at the constructor of ${keyName(key)}, and of what it injects.`,
      cause,
    })
  }
}

export class NotInjectableError extends LimberError {
  readonly code = 'LIMBER_NOT_INJECTABLE'
  readonly kind: ErrorKind = 'internal'

  constructor(className: string, reason: string, path: Path, hint: string) {
    super(`${className} cannot be constructed: ${reason}`, { path, hint })
  }
}

export class MadeWhileRegisteringError extends LimberError {
  readonly code = 'LIMBER_MADE_WHILE_REGISTERING'
  readonly kind: ErrorKind = 'internal'

  constructor(key: unknown, provider: string) {
    super(
      `${provider} asked for ${keyName(key)} in register(), when not every provider has bound its services.`,
      {
        hint: 'Move it into boot(), or into the factory that needs it.',
      },
    )
  }
}

export class ContainerDisposedError extends LimberError {
  readonly code = 'LIMBER_CONTAINER_DISPOSED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(key: unknown) {
    super(`${keyName(key)} was asked for after the application had stopped.`, {
      hint: 'Finish the work before stop(), or create a new application.',
    })
  }
}
