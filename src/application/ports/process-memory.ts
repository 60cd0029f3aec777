/** @module Port: something that lives in the memory of one process and would be wrong in several. Bind it and tag it `process memory`. */

export interface ProcessMemory {
  /** What it is, as a message names it: `the database of connection "main"`. */
  readonly name: string
  /** What to use instead, as one imperative sentence. */
  readonly hint: string
}

declare module '../../container/services.ts' {
  interface Tags {
    'process memory': ProcessMemory
  }
}
