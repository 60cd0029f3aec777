/** @module From `DATABASE_URL` to a driver: the scheme chooses it. */
import { suggest } from '../support/suggest.ts'
import type { Driver } from './driver.ts'
import { DatabaseUrlError } from './errors.ts'
import { sqlite } from './sqlite/sqlite-driver.ts'

const SCHEMES: Readonly<Record<string, (rest: string) => Driver>> = {
  sqlite: (file) => sqlite({ file }),
}

/**
 * Gives the driver for a database URL: `sqlite:storage/app.sqlite`, `sqlite::memory:`, `sqlite:/var/lib/app.sqlite`.
 *
 * @throws {DatabaseUrlError} when the scheme is not known or the rest is missing
 * @example
 * ```ts
 * import { fromUrl } from 'limber/database'
 *
 * const main = fromUrl('sqlite:storage/limber.sqlite')
 * ```
 */
export function fromUrl(url: string): Driver {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(?:\/\/)?(?!\/\/$)(.+)$/is.exec(url) ?? []
  const driver = scheme === undefined ? undefined : SCHEMES[scheme.toLowerCase()]
  if (driver && rest) return driver(rest)
  const known = Object.keys(SCHEMES)
  throw new DatabaseUrlError(url, known, scheme === undefined ? undefined : suggest(scheme, known))
}
