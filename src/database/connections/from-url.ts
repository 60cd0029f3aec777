/** @module From `DATABASE_URL` to a driver: the scheme chooses it. */
import { suggest } from '../../support/suggest.ts'
import { DatabaseUrlError } from '../errors.ts'
import { mysql } from '../mysql/mysql-driver.ts'
import { nullDriver } from '../null/null-driver.ts'
import { postgres } from '../postgres/postgres-driver.ts'
import { sqlite } from '../sqlite/sqlite-driver.ts'
import type { Driver } from './driver.ts'

const SCHEMES: Readonly<Record<string, (rest: string, url: string) => Driver>> = {
  sqlite: (file) => sqlite({ file }),
  postgres: (_, url) => postgres({ url }),
  postgresql: (_, url) => postgres({ url }),
  mysql: (_, url) => mysql({ url }),
  mariadb: (_, url) => mysql({ url }),
}

/**
 * Gives the driver for a database URL: `sqlite:storage/app.sqlite`, `sqlite::memory:`, `sqlite:/var/lib/app.sqlite`,
 * `postgres://ada:secret@host/app`, `mysql://…`, `mariadb://…`, and `null:` for none.
 *
 * In a password `@` may stand as it is; `/`, `?`, `#`, `%` and blanks have to be percent-encoded.
 *
 * @throws {DatabaseUrlError} when the scheme is not known or the rest is missing
 * @throws {DatabaseAddressError} when the address of a server cannot be used
 * @example
 * ```ts
 * import { fromUrl } from 'limber/database'
 *
 * const main = fromUrl('sqlite:storage/limber.sqlite')
 * ```
 */
export function fromUrl(url: string): Driver {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(?:\/\/)?(?!\/\/$)(.*)$/is.exec(url) ?? []
  const driver = scheme === undefined ? undefined : SCHEMES[scheme.toLowerCase()]
  if (scheme?.toLowerCase() === 'null') return nullDriver()
  if (driver && rest) return driver(rest, url)
  if (driver) throw incomplete(url, scheme)
  const known = [...Object.keys(SCHEMES), 'null']
  const near = scheme === undefined ? undefined : suggest(scheme, known)
  throw new DatabaseUrlError(
    url,
    `it has to begin with ${known.map((name) => `${name}:`).join(', ')}.`,
    near ? `Did you mean "${near}:"?` : 'For example sqlite:storage/limber.sqlite.',
  )
}

function incomplete(url: string, scheme = ''): DatabaseUrlError {
  const isFile = scheme.toLowerCase() === 'sqlite'
  const hint = isFile ? 'sqlite:storage/limber.sqlite' : `${scheme}://user:password@host/database`
  const missing = isFile ? 'the file is missing.' : 'the host and the name of the database are missing.'
  return new DatabaseUrlError(url, missing, `For example ${hint}.`)
}
