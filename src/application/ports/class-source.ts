/** @module Port: classes that the container will construct though nobody binds them. Bind it and tag it `classes`. */
import type { AbstractConstructor } from '../../support/class-of.ts'

export interface ClassSource {
  /** What the classes are, as it appears in the report: `controllers`. */
  readonly name: string
  /** Finds them, which may import files; rejects when they cannot be found. */
  classes(): Promise<readonly AbstractConstructor[]>
}

declare module '../../container/services.ts' {
  interface Tags {
    classes: ClassSource
  }
}
