/** @module What can go wrong when modules are loaded, used and unloaded. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { messageOf } from '../support/message-of.ts'
import { suggest } from '../support/suggest.ts'
import { binderOf } from './binder.ts'

export class ModuleNotFoundError extends LimberError {
  readonly code = 'LIMBER_MODULE_NOT_FOUND'
  readonly kind: ErrorKind = 'invalid'

  constructor(name: string, known: readonly string[]) {
    const near = suggest(name, known)
    super(`There is no module "${name}".`, {
      hint: near
        ? `Did you mean "${near}"?`
        : `Name one of these: ${known.join(', ') || 'there are none'}; modules in config/app.ts says where they are.`,
    })
  }
}

export class ModuleNotLoadedError extends LimberError {
  readonly code = 'LIMBER_MODULE_NOT_LOADED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(name: string, state: string, reason?: LimberError) {
    super(`Module "${name}" is not loaded; it is ${state}${reason ? `: ${reason.message}` : '.'}`, {
      hint:
        reason?.hint ??
        `Load it with modules.load("${name}"), or enable it with limber module enable ${name}.`,
      cause: reason,
    })
  }
}

export class ModulePermissionError extends LimberError {
  readonly code = 'LIMBER_MODULE_PERMISSION'
  // The module is at fault, not whoever sent a request: to clients it is no 403.
  readonly kind: ErrorKind = 'internal'

  /** @param permissions one of them would do; none when no module may ever have it */
  constructor(module: string, key: string, permissions: readonly string[], path: readonly string[] = []) {
    const needed = permissions.join(' or ')
    super(
      needed
        ? `Module "${module}" asked for "${key}" without the permission ${needed}.`
        : `Module "${module}" asked for "${key}", which belongs to another module.`,
      {
        path,
        hint: needed
          ? `Add ${permissions[0]} to permissions in its module.yaml, and enable it again with limber module enable ${module}.`
          : 'Ask the other module for it: make what you need a service of that module.',
      },
    )
  }
}

export class ModuleConsentError extends LimberError {
  readonly code = 'LIMBER_MODULE_CONSENT'
  readonly kind: ErrorKind = 'forbidden'

  constructor(module: string, place: string, added: readonly string[], isConfigured: boolean) {
    super(`Module "${module}" asks for what it was not granted: ${added.join(', ')} (${place}).`, {
      hint: isConfigured
        ? 'Add it to the permissions of the module in config/app.ts, or take it out of the manifest.'
        : `Grant it with limber module enable ${module}.`,
    })
  }
}

export class RequiredModuleError extends LimberError {
  readonly code = 'LIMBER_REQUIRED_MODULE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(module: string, required: string, state: string, cause?: LimberError) {
    super(`Module "${module}" requires "${required}", which is ${state}.`, {
      hint:
        state === 'available'
          ? `Enable it with limber module enable ${required}.`
          : (cause?.hint ?? `Load "${required}" first: modules.load("${required}").`),
      cause,
    })
  }
}

export class ModuleSkippedError extends LimberError {
  readonly code = 'LIMBER_MODULE_SKIPPED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(module: string, place: string) {
    super(
      `Module "${module}" was skipped: it requires a database (${place}), and those of modules are off.`,
      {
        hint: 'Give the default connection a database and list DatabaseServiceProvider, or set database in config/modules.ts; use_db runs without one.',
      },
    )
  }
}

export class ModulePartError extends LimberError {
  readonly code = 'LIMBER_MODULE_PART'
  readonly kind: ErrorKind = 'invalid'

  constructor(module: string, file: string, reason: string, hint: string) {
    super(`${file} of module "${module}" cannot be used: ${reason}`, { path: [module, file], hint })
  }
}

export class ModuleProviderFileError extends LimberError {
  readonly code = 'LIMBER_MODULE_PROVIDER_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(module: string, file: string, found: number) {
    super(`${file} has to export one class that extends ModuleProvider; it exports ${found || 'none'}.`, {
      path: [module, file],
      hint: 'Export one class that extends ModuleProvider of limber/modules, and nothing else that does.',
    })
  }
}

export class ModuleStepError extends LimberError {
  readonly code = 'LIMBER_MODULE_STEP'
  readonly kind: ErrorKind = 'internal'

  /** @param place in its folder: `modules/shop/provider.ts:12` */
  constructor(module: string, step: string, cause: unknown, place = '') {
    const reason = messageOf(cause)
    const where = reason.includes(place) ? '' : ` (${place})`
    super(`Module "${module}" failed in ${step}: ${reason}${where}`, {
      path: [binderOf(module), step, ...(place ? [place] : [])],
      hint: (cause instanceof LimberError ? cause.hint : undefined) ?? `Look at ${step} of the module.`,
      cause,
    })
  }
}

export class ModuleInUseError extends LimberError {
  readonly code = 'LIMBER_MODULE_IN_USE'
  readonly kind: ErrorKind = 'conflict'

  constructor(module: string, requirers: readonly string[]) {
    super(`Module "${module}" is required by ${requirers.join(', ')}.`, {
      hint: 'Unload those first, or give { cascade: true }.',
    })
  }
}

export class ModuleBusyError extends LimberError {
  readonly code = 'LIMBER_MODULE_BUSY'
  readonly kind: ErrorKind = 'conflict'

  constructor(call: string, where: string) {
    super(`${call} was called in ${where}, and would wait for that itself.`, {
      hint: 'Call it when that is over, from elsewhere; afterwards nothing is in its way.',
    })
  }
}

export class ModuleRestartError extends LimberError {
  readonly code = 'LIMBER_MODULE_RESTART'
  readonly kind: ErrorKind = 'conflict'

  constructor(module: string, call: string) {
    super(`${call} was refused: the models of module "${module}" are in the database of the application.`, {
      hint: 'Enable or disable it with limber module, and start the application again.',
    })
  }
}

export class ModuleCallError extends LimberError {
  readonly code = 'LIMBER_MODULE_CALL'
  readonly kind: ErrorKind = 'internal'

  constructor(module: string, call: string, reason: string) {
    super(`Module "${module}" called ${call}: ${reason}`, {
      hint: 'Leave it to a provider of the application, or bind a service of the module under a key of its own.',
    })
  }
}

export class NoModuleDatabaseError extends LimberError {
  readonly code = 'LIMBER_NO_MODULE_DATABASE'
  readonly kind: ErrorKind = 'invalid'

  constructor(module: string, place: string) {
    super(
      `Module "${module}" has no database of its own: ${place} asks neither for use_db nor for require_db.`,
      {
        hint: 'Its models, if it has any, are in the database of the application: leave out --module.',
      },
    )
  }
}
