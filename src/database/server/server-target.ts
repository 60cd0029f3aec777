/** @module Where a configured database server is, and how it is named in messages. */
import { DatabaseAddressError } from '../connections/driver-errors.ts'
import type { ReplicaAddress, ServerAddress, ServerOptions } from './server-config.ts'
import { compact, parseServerUrl, type ServerTarget } from './server-url.ts'

export type NamedTarget = ServerTarget & { readonly database: string }

/** @throws {DatabaseAddressError} */
export function targetOf(
  scheme: string,
  config: ServerAddress & ServerOptions & { readonly schema?: string },
): NamedTarget {
  const { database, ...target } = addressOf(scheme, config)
  if (!database) {
    throw new DatabaseAddressError(
      labelOf(scheme, target),
      'it names no database.',
      'Add /name, or database.',
    )
  }
  const { schema, tls, connectTimeout } = config
  if ((schema ?? target.schema)?.includes('"')) {
    throw new DatabaseAddressError(
      labelOf(scheme, target),
      'its schema has a quotation mark.',
      'Rename the schema.',
    )
  }
  return { ...target, database, ...compact({ schema, tls, connectTimeout }) }
}

/** @throws {DatabaseAddressError} */
export function replicaOf(scheme: string, replica: ReplicaAddress): ServerTarget {
  return addressOf(scheme, replica)
}

/** The address without its password. */
export function labelOf(scheme: string, { user, host = '127.0.0.1', port, database }: ServerTarget): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${scheme}://${user ? `${user}@` : ''}${name}${port ? `:${port}` : ''}/${database ?? ''}`
}

function addressOf(scheme: string, address: ServerAddress | ReplicaAddress): ServerTarget {
  const target = 'url' in address ? parseServerUrl(address.url) : fieldsOf(address)
  const { port } = target
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new DatabaseAddressError(
      labelOf(scheme, target),
      `its port is ${port}.`,
      'Use a port from 1 to 65535.',
    )
  }
  return target
}

function fieldsOf({
  host,
  port,
  user,
  password,
  database,
}: Exclude<ReplicaAddress, { url: string }>): ServerTarget {
  return compact({ host, port, user, password, database })
}
