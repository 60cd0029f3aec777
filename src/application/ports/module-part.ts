/** @module Port: takes one kind of part of modules, such as their routes. Bind it and tag it `module part`. */
import type { Strings } from '../../strings/strings.ts'

/** What a file of a part exports, and where it is, for messages. */
export interface PartFile {
  /** From the root of the application: `modules/shop/routes.ts`. */
  readonly path: string
  readonly exports: Readonly<Record<string, unknown>>
}

/** Whose part it is: units of work that are opened for it carry this name as their `module`. */
export interface PartOwner {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  /** The provider of the module, for what stands in its class. */
  readonly provider: object
  readonly strings: Strings
  /** The name of the connection of its own database in `db`; undefined without one, or where it is switched off. */
  readonly connection: string | undefined
}

export interface ModulePart {
  /** The file or the folder of a module that holds it: `routes` for `routes.ts` and `routes/*.ts`. */
  readonly name: string
  /** The permission that a module needs to have it: `use_http`. */
  readonly permission: string
  /** Whether a part stands in the provider of a module, which then needs no file. */
  standsIn?(provider: object): boolean
  /**
   * Takes what the files export. Called when the database of the module is ready, outside of any unit of work.
   *
   * @returns takes it away again: it resolves when nothing of it runs any more, or when the deadline (in milliseconds since
   * the epoch) has passed
   */
  add(owner: PartOwner, files: readonly PartFile[]): Promise<(deadline: number) => Promise<void>>
}

declare module '../../container/services.ts' {
  interface Tags {
    'module part': ModulePart
  }
}
