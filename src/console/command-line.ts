/** @module The command line of one command: reads its input, and writes its help. */
import { Argument, CommanderError, Option, Command as Parser } from 'commander'
import type { CommandInput } from './command.ts'
import type { CommandDefinition, Parameter } from './define-command.ts'
import { CommandUsageError, CommandValueError, UnknownOptionError } from './errors.ts'
import { kebabCase } from './kebab-case.ts'

export class CommandLine {
  readonly #name: string
  readonly #definition: CommandDefinition

  constructor(definition: CommandDefinition) {
    this.#name = `limber ${definition.name}`
    this.#definition = definition
  }

  help(): string {
    return this.#parser().helpInformation().trimEnd()
  }

  /**
   * Reads what stands behind the name of the command.
   *
   * @throws {CommandUsageError} @throws {CommandValueError} @throws {UnknownOptionError}
   */
  parse(argv: readonly string[]): CommandInput {
    const parser = this.#parser()
    try {
      parser.parse([...argv], { from: 'user' })
    } catch (error) {
      throw error instanceof CommanderError ? this.#explain(error, parser) : error
    }
    const written = parser.opts<Record<string, unknown>>()
    const optionNames = Object.keys(this.#definition.options ?? {})
    const argumentNames = Object.keys(this.#definition.arguments ?? {})
    return {
      args: Object.fromEntries(argumentNames.map((name, index) => [name, parser.processedArgs[index]])),
      options: Object.fromEntries(
        optionNames.map((name) => [name, written[new Option(longFlag(name)).attributeName()]]),
      ),
    }
  }

  #parser(): Parser {
    const silent = () => undefined
    const parser = new Parser(this.#name)
      .description(this.#definition.description)
      .helpOption('-h, --help', 'show this help')
      .exitOverride()
      .configureOutput({ writeOut: silent, writeErr: silent })
      .showSuggestionAfterError(false)
      .allowExcessArguments(false)
      .action(silent)
    for (const [name, parameter] of Object.entries(this.#definition.arguments ?? {})) {
      parser.addArgument(this.#argument(kebabCase(name), parameter))
    }
    for (const [name, parameter] of Object.entries(this.#definition.options ?? {})) {
      parser.addOption(this.#option(longFlag(name), parameter))
    }
    return parser
  }

  #argument(name: string, parameter: Parameter): Argument {
    const argument = new Argument(parameter.required ? `<${name}>` : `[${name}]`, parameter.description)
    if (parameter.default !== undefined) argument.default(parameter.default)
    return argument.argParser(this.#reader(`The argument <${name}>`, parameter))
  }

  #option(flag: string, parameter: Parameter): Option {
    const flags = parameter.short ? `-${parameter.short}, ${flag}` : flag
    if (parameter.expected === undefined)
      return new Option(flags, parameter.description).default(false, 'off')
    const option = new Option(`${flags} <value>`, parameter.description)
    if (parameter.default !== undefined) option.default(parameter.default)
    return option
      .makeOptionMandatory(parameter.required)
      .argParser(this.#reader(`The option ${flag}`, parameter))
  }

  #reader(place: string, parameter: Parameter): (written: string, previous: unknown) => unknown {
    return (written, previous) => {
      const value = parameter.parse(written)
      // What is a list may be written more than once.
      if (Array.isArray(value) && Array.isArray(previous)) return [...previous, ...value]
      if (value !== undefined) return value
      throw new CommandValueError(this.#name, place, written, parameter.expected ?? 'left out')
    }
  }

  #explain(error: CommanderError, parser: Parser): Error {
    if (error.code === 'commander.unknownOption') {
      const option = /'(.*)'/.exec(error.message)?.[1] ?? error.message
      const known = [...parser.options.flatMap(({ long }) => long ?? []), '--help']
      return new UnknownOptionError(option, this.#name, known)
    }
    const reason = error.message
      .replace(/^error: /, '')
      .replaceAll("'", '"')
      .replace(/\.$/, '')
    return new CommandUsageError(this.#name, reason)
  }
}

function longFlag(name: string): string {
  return `--${kebabCase(name)}`
}
