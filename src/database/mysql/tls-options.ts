/** @module TLS for mysql2, which by itself never looks whether a certificate is for the host that it connects to. */
import { connect, isIP, type Socket } from 'node:net'
import type { ServerTarget } from '../server/server-url.ts'
import { nameToCheck } from '../server/tls.ts'

const DEFAULT_PORT = 3306

export function tlsOptions(target: ServerTarget) {
  const { tls, host = '127.0.0.1', port = DEFAULT_PORT } = target
  if (!tls) return {}
  const fields = tls === true ? {} : tls
  const name = nameToCheck(target)
  if (name === undefined) return { ssl: fields }
  // It compares the certificate with its own host; where to connect is then said by the stream.
  return { ssl: { ...fields, verifyIdentity: true }, host: name, stream: () => socketTo(host, port, name) }
}

function socketTo(host: string, port: number, name: string): Socket {
  const socket = connect({ host, port, keepAlive: true })
  // Without it, TLS of Node compares the certificate of a server at an IP address with "localhost".
  if (isIP(name)) Reflect.set(socket, '_host', name)
  return socket
}
