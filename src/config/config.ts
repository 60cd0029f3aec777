/** @module The configuration: one section per file of `config/`, read by typed paths. */
import { ConfigKeyNotFoundError } from './errors.ts'

/**
 * Maps each section to its type. Add to it where a section is defined.
 *
 * @example
 * ```ts
 * declare module 'limber' {
 *   interface ConfigSections {
 *     mail: { from: string }
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty here and filled by augmentation.
export interface ConfigSections {}

/** The dotted paths into a section, as far as plain objects go. */
type PathsOf<T, Depth extends 0[] = []> = Depth['length'] extends 4
  ? never
  : T extends readonly unknown[] | ((...args: never[]) => unknown)
    ? never
    : T extends object
      ? { [K in keyof T & string]: K | `${K}.${PathsOf<NonNullable<T[K]>, [...Depth, 0]>}` }[keyof T & string]
      : never

type ValueAt<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? ValueAt<NonNullable<T[Head]>, Rest>
    : never
  : Path extends keyof T
    ? T[Path]
    : never

export type ConfigPath = PathsOf<ConfigSections>
export type ConfigValue<Path extends string> = ValueAt<ConfigSections, Path>

export class Config {
  readonly #sections: Readonly<Record<string, unknown>>

  constructor(sections: Readonly<Record<string, unknown>>) {
    this.#sections = sections
  }

  /**
   * Gives the value at a path.
   *
   * @throws {ConfigKeyNotFoundError} when a part of the path is not there
   */
  get<Path extends ConfigPath>(path: Path): ConfigValue<Path> {
    let value: unknown = this.#sections
    for (const part of path.split('.')) {
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, part)
      if (!isThere) throw new ConfigKeyNotFoundError(path, part, keysOf(value))
      value = (value as Record<string, unknown>)[part]
    }
    // The path was checked against the declared sections; their files are what the declarations describe.
    return value as ConfigValue<Path>
  }

  /** Gives the value at a path, or undefined when it is not there. */
  find<Path extends ConfigPath>(path: Path): ConfigValue<Path> | undefined {
    return this.has(path) ? this.get(path) : undefined
  }

  has(path: ConfigPath): boolean {
    let value: unknown = this.#sections
    for (const part of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false
      value = (value as Record<string, unknown>)[part]
    }
    return true
  }
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}
