/** @module Typed environment variables: the only file that reads those of the process. */
import { maskValue } from '../support/mask-secrets.ts'
import { messageOf } from '../support/message-of.ts'
import { SHORTEST_SECRET } from '../support/secrets.ts'
import { keptSecret, passingSecret } from './development-secret.ts'
import { Environment } from './environment.ts'

/** The environment that the configuration is being loaded from; outside of that, the process alone. */
let loading: Environment | undefined
let turn: Promise<unknown> = Promise.resolve()

/** The variables of this process with some changed, for a program that it starts; undefined takes one away. */
export function programVariables(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changes }
}

type Parse<T> = (value: string) => T | undefined

/**
 * Reads environment variables in `config/*.ts`. A variable without a default has to be set.
 *
 * All faults of a configuration are reported together, each with the line of `.env` it stands on.
 *
 * @throws {EnvironmentError} at the end of loading the configuration; at once when used elsewhere
 * @example
 * ```ts
 * import { env } from 'limber'
 *
 * const name = env.string('APP_NAME', 'limber')
 * const port = env.port('PORT', 3000)
 * const level = env.oneOf('LOG_LEVEL', ['debug', 'info', 'warn'], 'info')
 * ```
 */
export const env = {
  string<D extends string | undefined = string>(name: string, ...fallback: [fallback?: D]): string | D {
    return read(name, fallback, 'a text that is not empty', (value) => value || undefined, '')
  },

  /** A whole number. */
  integer<D extends number | undefined = number>(name: string, ...fallback: [fallback?: D]): number | D {
    return read(name, fallback, 'a whole number', parseInteger, 0)
  },

  /** A number, with or without a fraction. */
  number<D extends number | undefined = number>(name: string, ...fallback: [fallback?: D]): number | D {
    return read(name, fallback, 'a number', parseNumber, 0)
  },

  /** A TCP port: 0 to 65535, where 0 lets the system choose. */
  port<D extends number | undefined = number>(name: string, ...fallback: [fallback?: D]): number | D {
    return read(name, fallback, 'a port from 0 to 65535', parsePort, 0)
  },

  /** `true`, `1`, `yes`, `on`, or `false`, `0`, `no`, `off`. */
  boolean<D extends boolean | undefined = boolean>(name: string, ...fallback: [fallback?: D]): boolean | D {
    return read(name, fallback, 'true or false', parseBoolean, false)
  },

  /** One of the given words. */
  oneOf<const T extends string, D extends T | undefined = T>(
    name: string,
    words: readonly [T, ...T[]],
    ...fallback: [fallback?: D]
  ): T | D {
    const parse = (value: string) => words.find((word) => word === value)
    return read(name, fallback, `one of ${words.join(', ')}`, parse, words[0])
  },

  /**
   * A secret of 32 characters or more, which no message shows. Where NODE_ENV is not set, or is `development`, one that is not
   * set is made, and kept in `storage/`; in tests it lasts as long as the process. Everywhere else it has to be set.
   */
  secret(name: string): string {
    const environment = loading ?? new Environment(process.env)
    try {
      const value = environment.get(name) ?? unsetSecret(environment, name)
      if (value.length >= SHORTEST_SECRET) return value
      const found = value === '' ? 'is not set' : `has ${value.length} characters`
      environment.fault(name, `${found}, but has to be a secret of ${SHORTEST_SECRET} characters or more.`)
    } catch (error) {
      environment.fault(name, `is not set, and none can be kept: ${messageOf(error)}.`)
    }
    if (!loading) environment.throwFaults()
    return ''
  },
}

/** What the application runs as: the value of NODE_ENV, or `development`. */
export function environmentName(): string {
  return process.env.NODE_ENV || 'development'
}

/**
 * Runs `load` with `env` reading the process and the given `.env` file, and reports all faults at its end.
 * Loads wait for each other, since modules are evaluated outside of any call of ours.
 */
export function withEnvironment<T>(envFile: string, load: () => Promise<T>): Promise<T> {
  const run = async () => {
    const environment = new Environment(process.env, envFile)
    loading = environment
    try {
      return await load()
    } finally {
      loading = undefined
      // Faults matter more than what code made of the placeholder it was given instead.
      environment.throwFaults()
    }
  }
  const result = turn.then(run, run)
  turn = result.catch(() => undefined)
  return result
}

function unsetSecret({ root }: Environment, name: string): string {
  if (environmentName() === 'test') return passingSecret(name)
  return environmentName() === 'development' ? keptSecret(root, name) : ''
}

function read<T, D>(
  name: string,
  fallback: readonly [fallback?: D],
  expected: string,
  parse: Parse<T>,
  placeholder: T,
): T | D {
  const environment = loading ?? new Environment(process.env)
  const value = environment.get(name)
  // An explicit undefined is a default too: it makes the variable optional.
  if (value === undefined && fallback.length > 0) return fallback[0] as D
  const parsed = value === undefined ? undefined : parse(value)
  if (parsed !== undefined) return parsed
  const found = value === undefined ? 'is not set' : `is "${maskValue(name, value)}"`
  environment.fault(name, `${found}, but has to be ${expected}.`)
  if (!loading) environment.throwFaults()
  return placeholder
}

function parseNumber(value: string): number | undefined {
  const number = Number(value)
  return value.trim() !== '' && Number.isFinite(number) ? number : undefined
}

function parseInteger(value: string): number | undefined {
  const number = parseNumber(value)
  return Number.isSafeInteger(number) ? number : undefined
}

function parsePort(value: string): number | undefined {
  const port = parseInteger(value)
  return port !== undefined && port >= 0 && port <= 65_535 ? port : undefined
}

function parseBoolean(value: string): boolean | undefined {
  if (/^(true|1|yes|on)$/i.test(value)) return true
  if (/^(false|0|no|off)$/i.test(value)) return false
  return undefined
}
