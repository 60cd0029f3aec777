/** @module What a module is called where it binds, and in the paths of errors. */

export function binderOf(module: string): string {
  return `module ${module}`
}
