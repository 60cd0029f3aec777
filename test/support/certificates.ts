/** @module An authority of one's own, and the certificate that it gives to db.example, at 127.0.0.1. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TlsFiles } from './private-server.ts'
import { runProgram } from './server-process.ts'

export interface Certificates extends TlsFiles {
  /** The certificate of the authority, as text. */
  readonly ca: string
  remove(): void
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

export async function makeCertificates(): Promise<Certificates> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-tls-'))
  const file = (name: string) => path.join(folder, name)
  const authority = ['-x509', ...KEY, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-days', '2']
  await runProgram('openssl', ['req', ...authority, '-subj', '/CN=Limber test authority'])
  const request = [
    ...KEY,
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
    '-subj',
    '/CN=db.example',
  ]
  await runProgram('openssl', ['req', ...request])
  writeFileSync(file('names'), 'subjectAltName=DNS:db.example,IP:127.0.0.1')
  const issuer = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2']
  await runProgram('openssl', [
    'x509',
    '-req',
    ...['-in', file('server.csr'), '-out', file('server.crt'), '-extfile', file('names')],
    ...issuer,
  ])
  return {
    ca: readFileSync(file('ca.crt'), 'utf8'),
    folder,
    cert: file('server.crt'),
    key: file('server.key'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
