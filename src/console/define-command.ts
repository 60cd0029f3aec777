/** @module Describes a command: its name, its arguments and its options. It loads neither container nor parser. */
import type { ServiceKey } from '../container/services.ts'

/** What a person may write in one place of the command line, and how it becomes a value. */
export interface Parameter<T = unknown> {
  readonly description: string
  /** What has to stand there, as messages say it: `a whole number`. A flag stands alone and expects nothing. */
  readonly expected: string | undefined
  readonly required: boolean
  readonly default: T | undefined
  /** The one-letter form of an option. */
  readonly short: string | undefined
  /** Reads the text, or gives undefined when it does not fit. */
  readonly parse: (text: string) => T | undefined
}

export interface ParameterOptions<T> {
  /** Taken when nothing is written. */
  readonly default?: T
  /** Whether something has to be written; without this and without a default the value may be undefined. */
  readonly required?: boolean
  /** The one-letter form of an option: `'f'` for `-f`. */
  readonly short?: string
}

export type Parameters = Readonly<Record<string, Parameter>>

export interface CommandDefinition {
  /** One word, or several for a group: `db migrate`. */
  readonly name: string
  readonly description: string
  /** What stands behind the name, in this order. */
  readonly arguments?: Parameters
  /** Written in camel case here and in kebab case on the command line: `dryRun` is `--dry-run`. */
  readonly options?: Parameters
  /** What has to be ready before the command runs; default: every asynchronous singleton. */
  readonly needs?: readonly ServiceKey[]
  /** Who binds that: named when the application does not list it. */
  readonly provider?: { readonly name: string; readonly from: string }
}

type Given<T, O> = O extends { readonly default: T } | { readonly required: true } ? T : T | undefined

/**
 * Describes a command, so that the types of its input follow from its arguments and options.
 *
 * @example
 * ```ts
 * import { defineCommand, flag, integer, text } from 'limber/console'
 *
 * const greet = defineCommand({
 *   name: 'greet',
 *   description: 'Greet somebody.',
 *   arguments: { name: text('whom to greet', { required: true }) },
 *   options: { times: integer('how often', { default: 1 }), loud: flag('in capitals', { short: 'l' }) },
 * })
 * ```
 */
export function defineCommand<const D extends CommandDefinition>(definition: D): D {
  return definition
}

/** Takes any text. */
export function text<const O extends ParameterOptions<string>>(
  description: string,
  options?: O,
): Parameter<Given<string, O>> {
  return parameter(description, 'a text', (written) => written, options)
}

/** Takes several texts: for an option that is written more than once, or with commas. */
export function texts(description: string): Parameter<readonly string[] | undefined> {
  return parameter(description, 'a text, or several with commas between', listOf)
}

/** Takes a whole number. */
export function integer<const O extends ParameterOptions<number>>(
  description: string,
  options?: O,
): Parameter<Given<number, O>> {
  return parameter(description, 'a whole number', parseInteger, options)
}

/** Takes a TCP port; 0 lets the system choose. */
export function port<const O extends ParameterOptions<number>>(
  description: string,
  options?: O,
): Parameter<Given<number, O>> {
  return parameter(description, 'a port from 0 to 65535', parsePort, options)
}

/** Takes one of the given words. */
export function oneOf<const T extends string, const O extends ParameterOptions<T>>(
  description: string,
  words: readonly [T, ...T[]],
  options?: O,
): Parameter<Given<T, O>> {
  const find = (written: string) => words.find((word) => word === written)
  return parameter(description, `one of ${words.join(', ')}`, find, options)
}

/** Is true when it is written, and false otherwise: for options only. */
export function flag(description: string, { short }: { readonly short?: string } = {}): Parameter<boolean> {
  return { description, expected: undefined, required: false, default: false, short, parse: () => true }
}

function parameter<T, O extends ParameterOptions<T>>(
  description: string,
  expected: string,
  parse: (written: string) => T | undefined,
  options?: O,
): Parameter<Given<T, O>> {
  const { default: fallback, required = false, short } = options ?? {}
  const made: Parameter<T> = { description, expected, required, default: fallback, short, parse }
  // Only the type knows whether the value can be absent: it follows from `required` and `default`.
  return made as Parameter<Given<T, O>>
}

function listOf(written: string): readonly string[] | undefined {
  const parts = written.split(',').map((part) => part.trim())
  return parts.every((part) => part !== '') ? parts : undefined
}

function parseInteger(written: string): number | undefined {
  const number = /^[+-]?\d+$/.test(written) ? Number(written) : undefined
  return Number.isSafeInteger(number) ? number : undefined
}

function parsePort(written: string): number | undefined {
  const number = parseInteger(written)
  return number !== undefined && number >= 0 && number <= 65_535 ? number : undefined
}
