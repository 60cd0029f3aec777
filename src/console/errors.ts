/** @module What can go wrong between the command line and a command. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { suggest } from '../support/suggest.ts'

export class UnknownCommandError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_COMMAND'
  readonly kind: ErrorKind = 'malformed'

  constructor(name: string, near: string | undefined) {
    super(`There is no command "${name}".`, {
      hint: near ? `Did you mean "limber ${near}"?` : 'Run "limber list" for all commands.',
    })
  }
}

export class UnknownOptionError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_OPTION'
  readonly kind: ErrorKind = 'malformed'

  constructor(option: string, command: string, known: readonly string[]) {
    const near = suggest(option, known)
    super(`"${command}" has no option "${option}".`, {
      hint: near ? `Did you mean "${near}"?` : `Run "${command} --help" for its options.`,
    })
  }
}

export class CommandUsageError extends LimberError {
  readonly code = 'LIMBER_COMMAND_USAGE'
  readonly kind: ErrorKind = 'malformed'

  constructor(command: string, reason: string, hint = `Run "${command} --help" for how to use it.`) {
    super(`"${command}" was used wrongly: ${reason}.`, { hint })
  }
}

export class CommandValueError extends LimberError {
  readonly code = 'LIMBER_COMMAND_VALUE'
  readonly kind: ErrorKind = 'invalid'

  constructor(command: string, place: string, value: string, expected: string) {
    super(`${place} of "${command}" is "${value}", but has to be ${expected}.`, {
      hint: `Run "${command} --help" for how to use it.`,
    })
  }
}

export class CommandProviderMissingError extends LimberError {
  readonly code = 'LIMBER_COMMAND_PROVIDER_MISSING'
  readonly kind: ErrorKind = 'internal'

  constructor(command: string, provider: { readonly name: string; readonly from: string }) {
    super(`"limber ${command}" needs ${provider.name}, which this application does not list.`, {
      hint: `Add it to "providers" in config/app.ts: import { ${provider.name} } from '${provider.from}'.`,
    })
  }
}

export class DuplicateCommandError extends LimberError {
  readonly code = 'LIMBER_DUPLICATE_COMMAND'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, first: string, second: string) {
    super(`Two commands are called "${name}": one of ${first}, one of ${second}.`, {
      hint: 'Give one of them another name in its definition.',
    })
  }
}

export class CommandClassError extends LimberError {
  readonly code = 'LIMBER_COMMAND_CLASS'
  readonly kind: ErrorKind = 'internal'

  constructor(place: string, reason: string) {
    super(`${place} is not a command: ${reason}.`, {
      hint: 'Export a class with "static readonly definition = defineCommand({ … })" and a run() method.',
    })
  }
}

export class AppNotFoundError extends LimberError {
  readonly code = 'LIMBER_APP_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(folder: string) {
    super(`There is no application in ${folder}, nor in a folder above it.`, {
      hint: 'Run limber in a folder with config/app.ts (or config/app.js), or below one.',
    })
  }
}

export class TypeScriptRunnerMissingError extends LimberError {
  readonly code = 'LIMBER_TYPESCRIPT_RUNNER_MISSING'
  readonly kind: ErrorKind = 'unsupported'

  constructor(root: string, cause: unknown) {
    super(`The application in ${root} is TypeScript, and what runs it is not installed.`, {
      hint: 'Run "npm install --save-dev rolldown @oxc-project/runtime", or build the application and run that.',
      cause,
    })
  }
}

export class DecoratorMetadataMissingError extends LimberError {
  readonly code = 'LIMBER_DECORATOR_METADATA_MISSING'
  readonly kind: ErrorKind = 'internal'

  constructor(cause?: unknown) {
    super(
      'The program that runs your TypeScript does not emit decorator metadata: constructors cannot be read.',
      {
        hint: 'Run it with limber, or set experimentalDecorators and emitDecoratorMetadata (tsx cannot do it).',
        cause,
      },
    )
  }
}
