/** @module The commands that are known, and which of them a command line means. */
import { suggest } from '../support/suggest.ts'
import type { LazyCommand } from './command.ts'
import {
  CommandUsageError,
  DuplicateCommandError,
  UnknownCommandError,
  UnknownOptionError,
} from './errors.ts'

/** The origin of the commands that come with the framework. */
export const LIMBER = 'limber'

export interface RegisteredCommand extends LazyCommand {
  /** Whose command it is: `limber`, or the class and where the application lists it. */
  readonly origin: string
}

export interface CommandMatch {
  readonly command: RegisteredCommand
  /** What stands behind the name. */
  readonly rest: readonly string[]
}

declare module '../container/services.ts' {
  interface Services {
    commands: CommandRegistry
  }
}

export class CommandRegistry {
  readonly #commands = new Map<string, RegisteredCommand>()

  constructor(commands: Iterable<LazyCommand> = [], origin = LIMBER) {
    for (const command of commands) this.add(command, origin)
  }

  /** @throws {DuplicateCommandError} when the name is taken */
  add(command: LazyCommand, origin: string): void {
    const { name } = command.definition
    const taken = this.#commands.get(name)
    if (taken) throw new DuplicateCommandError(name, taken.origin, origin)
    this.#commands.set(name, { ...command, origin })
  }

  /** Every command, by name. */
  all(): RegisteredCommand[] {
    return [...this.#commands.values()].sort((a, b) => compare(a.definition.name, b.definition.name))
  }

  /** The commands whose name begins with these words and goes on. */
  group(words: readonly string[]): RegisteredCommand[] {
    const start = `${words.join(' ')} `
    return words.length === 0 ? [] : this.all().filter(({ definition }) => definition.name.startsWith(start))
  }

  /** Finds the command with the longest name that the line begins with. */
  find(argv: readonly string[]): CommandMatch | undefined {
    const words = leadingWords(argv)
    for (let length = words.length; length > 0; length--) {
      const command = this.#commands.get(words.slice(0, length).join(' '))
      if (command) return { command, rest: argv.slice(length) }
    }
    return undefined
  }

  /**
   * Finds the command that the line means.
   *
   * @throws {UnknownCommandError} @throws {UnknownOptionError} @throws {CommandUsageError}
   */
  match(argv: readonly string[]): CommandMatch {
    const found = this.find(argv)
    if (found) return found
    const words = leadingWords(argv)
    if (words.length === 0) throw new UnknownOptionError(argv[0] ?? '', 'limber', ['--help', '--version'])
    const group = this.group(words)
    if (group.length > 0) {
      const names = group.map(({ definition }) => definition.name).join(', ')
      throw new CommandUsageError(
        `limber ${words.join(' ')}`,
        'it is a group of commands',
        `Choose one: ${names}.`,
      )
    }
    const isInGroup = this.group(words.slice(0, 1)).length > 0
    throw new UnknownCommandError(words.slice(0, isInGroup ? 2 : 1).join(' '), this.#nearest(words))
  }

  /** The nearest name, with as many words as were written; or the one whose last word was written alone. */
  #nearest(words: readonly string[]): string | undefined {
    const names = [...this.#commands.keys()]
    for (let length = Math.min(words.length, 3); length > 0; length--) {
      const near = suggest(
        words.slice(0, length).join(' '),
        names.filter((name) => name.split(' ').length === length),
      )
      if (near) return near
    }
    return names.find((name) => name.split(' ').at(-1) === words[0])
  }
}

/** The words before the first option. */
export function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => word.startsWith('-'))
  return end < 0 ? argv : argv.slice(0, end)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1
}
