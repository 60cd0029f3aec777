/** @module Who has bound a service, where that was a module. */

const PREFIX = 'module '

export function binderOf(module: string): string {
  return PREFIX + module
}

/** Gives the module, or undefined for whoever else has bound something. */
export function moduleOfBinder(binder: string | undefined): string | undefined {
  return binder?.startsWith(PREFIX) ? binder.slice(PREFIX.length) : undefined
}
