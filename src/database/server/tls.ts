/** @module The certificate of a server: the name that it has to be for, and what to do when it is refused. */
import type { ServerTarget } from './server-url.ts'

/** The name or IP address that the certificate has to be for; undefined where it is not checked. */
export function nameToCheck({ host = '127.0.0.1', tls }: ServerTarget): string | undefined {
  if (!tls) return undefined
  if (tls === true) return host
  return tls.rejectUnauthorized === false ? undefined : (tls.servername ?? host)
}

const ADVICE: readonly (readonly [message: RegExp, advice: string])[] = [
  [
    /does not support (SSL|secure) connection/i,
    'Switch TLS on at the server, or leave out tls (sslmode) where the network is trusted.',
  ],
  [
    /does not match certificate's altnames/,
    'Use the host that the certificate is for, or name that one with tls: { servername }.',
  ],
  [
    /certificate (has expired|is not yet valid)/,
    'Renew the certificate of the server, or correct the clock.',
  ],
  [
    /self[- ]signed certificate|unable to (verify|get).* certificate|certificate (signature failure|revoked|rejected)|not trusted/,
    'Give the certificate of the authority that signed it: tls: { ca }. sslmode=require encrypts without a check.',
  ],
  [
    /SSL routines|an SSL connection/,
    'Look whether the server speaks TLS, and whether cert and key of tls belong together.',
  ],
]

/** What to do about an error of TLS; undefined for every other. By messages: mysql2 replaces the codes. */
export function adviceOnTls(error: Error): string | undefined {
  return ADVICE.find(([message]) => message.test(error.message))?.[1]
}
