/** @module What a command is: a class with a definition, made by the container and run in a scope. */
import type { Constructor } from '../support/class-of.ts'
import type { CommandDefinition, Parameter } from './define-command.ts'

type ValuesOf<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** What a command is given: the values of its arguments and options, by name. */
export interface CommandInput<D extends CommandDefinition = CommandDefinition> {
  readonly args: ValuesOf<D extends { readonly arguments: infer A } ? A : Record<never, never>>
  readonly options: ValuesOf<D extends { readonly options: infer O } ? O : Record<never, never>>
}

/**
 * Does the work. The whole run is one unit of work: committed at its end, rolled back when it throws.
 * A number that it returns becomes the exit code; it does not undo anything.
 *
 * @example
 * ```ts
 * import { inject, injectable } from 'limber'
 * import { type Command, type CommandInput, defineCommand, Output, text } from 'limber/console'
 *
 * const definition = defineCommand({
 *   name: 'greet',
 *   description: 'Greet somebody.',
 *   arguments: { name: text('whom to greet', { default: 'world' }) },
 * })
 *
 * @injectable()
 * export class GreetCommand implements Command<typeof definition> {
 *   static readonly definition = definition
 *   constructor(@inject('output') private readonly output: Output) {}
 *
 *   run({ args }: CommandInput<typeof definition>) {
 *     this.output.line(`Hello, ${args.name}.`)
 *   }
 * }
 * ```
 */
export interface Command<D extends CommandDefinition = CommandDefinition> {
  // biome-ignore lint/suspicious/noConfusingVoidType: a run() that returns nothing is to be written without a return.
  run(input: CommandInput<D>): void | number | Promise<void | number>
}

export type CommandClass = Constructor<Command> & { readonly definition: CommandDefinition }

/** A command that is imported when it runs; its module exports the class whose definition has this name. */
export interface LazyCommand {
  readonly definition: CommandDefinition
  readonly load: () => Promise<object>
  /** The module on whose behalf it runs. */
  readonly module?: string | undefined
}
