/** @module Takes the URL of a database server apart. */
import { suggest } from '../../support/suggest.ts'
import { DatabaseAddressError } from '../connections/driver-errors.ts'
import type { TlsOptions } from './server-config.ts'

export interface ServerTarget {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly schema?: string
  readonly tls?: boolean | TlsOptions
  /** In milliseconds. */
  readonly connectTimeout?: number
}

/** The last `@` ends the password, so that one in it needs no escape. What else has a meaning in URLs does. */
const URL_PARTS =
  /^[a-z][a-z0-9+.-]*:\/\/(?:(?<user>[^:@/?#\s]*)(?::(?<password>[^/?#\s]*))?@)?(?<host>\[[^\]\s]+\]|[^:/?#@\s]*)(?::(?<port>\d*))?(?:\/(?<database>[^/?#\s]*))?(?:\?(?<query>[^#\s]*))?$/i

const PARAMETERS = ['schema', 'sslmode', 'ssl-mode', 'connect_timeout', 'host']
const TLS_MODES: Readonly<Record<string, boolean | TlsOptions>> = {
  disable: false,
  disabled: false,
  require: { rejectUnauthorized: false },
  required: { rejectUnauthorized: false },
  'verify-ca': true,
  'verify-full': true,
  verify_ca: true,
  verify_identity: true,
}

/** @throws {DatabaseAddressError} which never shows the password */
export function parseServerUrl(url: string): ServerTarget {
  const refuse = (reason: string, hint?: string) => new DatabaseAddressError(maskUrl(url), reason, hint)
  const parts = URL_PARTS.exec(url)?.groups
  if (!parts) throw refuse('it cannot be taken apart.')
  const decoded = (name: string): string | undefined => {
    const text = parts[name]
    if (!text) return undefined
    try {
      return decodeURIComponent(text)
    } catch {
      throw refuse(`its ${name} has a "%" that begins no escape.`, 'Write "%25" for a percent sign.')
    }
  }
  const query = new URLSearchParams(parts.query ?? '')
  for (const name of query.keys()) {
    if (PARAMETERS.includes(name)) continue
    const near = suggest(name, PARAMETERS)
    throw refuse(
      `it has the unknown parameter "${name}".`,
      near ? `Did you mean "${near}"?` : `Known are ${PARAMETERS.join(', ')}.`,
    )
  }
  const mode = query.get('sslmode') ?? query.get('ssl-mode')
  const tls = mode === null ? undefined : TLS_MODES[mode.toLowerCase()]
  if (mode !== null && tls === undefined) {
    throw refuse(`its sslmode is "${mode}".`, `Known are ${Object.keys(TLS_MODES).join(', ')}.`)
  }
  const seconds = query.get('connect_timeout')
  if (seconds !== null && !(Number(seconds) > 0)) throw refuse(`its connect_timeout is "${seconds}".`)
  return compact({
    host: query.get('host') ?? decoded('host')?.replace(/^\[|\]$/g, ''),
    port: parts.port ? Number(parts.port) : undefined,
    user: decoded('user'),
    password: decoded('password'),
    database: decoded('database'),
    schema: query.get('schema') ?? undefined,
    tls,
    connectTimeout: seconds === null ? undefined : Number(seconds) * 1_000,
  })
}

/** Hides everything that could be the password: a URL that cannot be taken apart does not tell where it ends. */
export function maskUrl(url: string): string {
  const [, start = '', rest = ''] = /^([^:]*:(?:\/\/)?)(.*)$/s.exec(url) ?? []
  const end = rest.lastIndexOf('@')
  if (end < 0) return `${start}${rest.replace(/:(?!\d{1,5}(?:[/?]|$)).*$/s, ':****')}`
  const colon = rest.indexOf(':')
  const user = colon >= 0 && colon < end ? `${rest.slice(0, colon)}:****` : rest.slice(0, end)
  return `${start}${user}${rest.slice(end)}`
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The same object without the properties that are undefined. */
export function compact<T extends object>(value: T): Defined<T> {
  // What is left out is optional in the type.
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>
}
