/** @module What the connection of a module is called in `db`. */

/** Gives the name of the connection of a module. */
export function connectionNameOf(module: string): string {
  return `modules.${module}`
}
