/** @module `limber list`. */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../command.ts'
import { CommandRegistry } from '../command-registry.ts'
import type { Parameters } from '../define-command.ts'
import { kebabCase } from '../kebab-case.ts'
import { Output } from '../output.ts'
import { listDefinition } from './definitions.ts'

@injectable()
export class ListCommand implements Command<typeof listDefinition> {
  static readonly definition = listDefinition

  constructor(
    @inject('commands') private readonly commands: CommandRegistry,
    @inject('output') private readonly output: Output,
  ) {}

  run({ options }: CommandInput<typeof listDefinition>): void {
    const commands = this.commands.all().map(({ definition, origin }) => ({
      name: definition.name,
      description: definition.description,
      origin,
      arguments: describe(definition.arguments),
      options: describe(definition.options, '--'),
    }))
    const rows = commands.map(({ name, description, origin }) => [name, description, origin])
    if (options.json) this.output.json(commands)
    else this.output.table(['command', 'description', 'of'], rows)
  }
}

function describe(parameters: Parameters = {}, prefix = '') {
  return Object.entries(parameters).map(([name, { description, expected, required, default: fallback }]) => ({
    name: `${prefix}${kebabCase(name)}`,
    description,
    expected,
    required,
    default: fallback,
  }))
}
