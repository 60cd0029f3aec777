/** @module What a module may be allowed to do. */

export const PERMISSIONS = {
  use_db: 'a database of its own; it also runs when databases are switched off',
  require_db: 'a database of its own; it does not run without',
  use_app_db: 'the database of the application, with its models',
  use_http: 'routes, the router and the server',
  use_bot: 'handlers, and the bot',
  use_loader: 'loading, unloading and updating modules',
} as const

export type Permission = keyof typeof PERMISSIONS

/** Either gives a module a database of its own. */
export const OWN_DATABASE: readonly Permission[] = ['use_db', 'require_db']

/** What is asked for and was not consented to. */
export function notGranted(asked: readonly Permission[], granted: readonly string[]): Permission[] {
  return asked.filter((permission) => !granted.includes(permission))
}

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text)
}
