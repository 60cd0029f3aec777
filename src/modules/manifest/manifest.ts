/** @module What a module says of itself in `module.yaml`. */
import type { Permission } from '../permissions/permission.ts'

export const MANIFEST_FILE = 'module.yaml'

/**
 * The manifest of a module.
 *
 * ```yaml
 * name: user-points
 * version: 1.3.0
 * description: Points for users.
 * author: Ada Lovelace
 * permissions: [use_db]
 * requires:
 *   users: ^2.0.0
 * packages:
 *   zod: ^4
 * config:
 *   start: 10
 * ```
 */
export interface Manifest {
  /** Lower case words with dashes between them, at most 40 characters: it also names the database of the module. */
  readonly name: string
  /** A semantic version: `1.3.0`. */
  readonly version: string
  readonly description: string
  readonly author: string
  readonly permissions: readonly Permission[]
  /** Whether it is loaded with the application, once it is enabled; default true. */
  readonly autoLoad: boolean
  /** Other modules that it needs, with ranges of their versions. They are loaded before it. */
  readonly requires: Readonly<Record<string, string>>
  /** Packages that it needs, with ranges of their versions. */
  readonly packages: Readonly<Record<string, string>>
  /** The language of `strings/` that stands in for what others leave out; default `en`. */
  readonly language: string
  /** Whatever else it is set up with; `modules.config` of the configuration has the last word. */
  readonly config: Readonly<Record<string, unknown>>
}

/** A manifest and where it was found. */
export interface FoundModule {
  readonly manifest: Manifest
  /** Absolute. */
  readonly folder: string
  /** What the configuration has consented to; undefined where `limber module enable` is asked. */
  readonly granted: readonly string[] | undefined
  /** Where a property stands in `module.yaml`, for messages: `modules/shop/module.yaml:4`. */
  placeOf(property: keyof Manifest, entry?: string): string
}
