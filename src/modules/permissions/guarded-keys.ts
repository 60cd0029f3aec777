/** @module Which permission a service needs. Keys that are not named here are free for every module. */
import { OWN_DATABASE, type Permission } from './permission.ts'

/** One of these would do; none: no module may ever have it. */
type Needed = readonly Permission[]

const ANY_DATABASE: Needed = ['use_app_db', ...OWN_DATABASE]

/** The sessions of one module: as a key of its own, and by the name of its connection in `db.sessions`. */
const SESSION = /^db\.session(?:s\.modules)?\.(.+)$/

const GUARDED: readonly (readonly [RegExp, Needed])[] = [
  // What it looks up is checked with the session that it uses.
  [/^db\.models$/, ANY_DATABASE],
  [/^db\.sessions$/, ANY_DATABASE],
  [/^db(\.|$)/, ['use_app_db']],
  [/^router$/, ['use_http']],
  [/^http(\.|$)/, ['use_http']],
  [/^bot(\.|$)/, ['use_bot']],
  [/^modules(\.|$)/, ['use_loader']],
]

/** Gives the permissions of which a module needs one for a key, or undefined for a key that is free. */
export function permissionsFor(key: unknown, module: string): Needed | undefined {
  if (typeof key !== 'string') return undefined
  const owner = SESSION.exec(key)?.[1]
  if (owner !== undefined) return owner === module ? OWN_DATABASE : []
  return GUARDED.find(([pattern]) => pattern.test(key))?.[1]
}
