/** @module Certificates as files, for client programs: they take nothing else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { getCACertificates } from 'node:tls'
import type { DriverOptions } from '../connections/driver.ts'

export interface TlsFiles extends Disposable {
  readonly mode: 'off' | 'unchecked' | 'checked'
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** The files are gone at the end of the block. */
export function tlsFiles({ driverOptions = {} }: DriverOptions): TlsFiles {
  const ssl: unknown = Reflect.get(driverOptions, 'ssl')
  const nothing = () => undefined
  if (ssl === undefined || ssl === false) return { mode: 'off', [Symbol.dispose]: nothing }
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-tls-'))
  const mode = Reflect.get(Object(ssl), 'rejectUnauthorized') === false ? 'unchecked' : 'checked'
  // Without one of its own, the client is to trust whom the driver trusts.
  const trusted = { ca: mode === 'checked' ? getCACertificates('default').join('\n') : undefined }
  const written = Object.fromEntries(
    ['ca', 'cert', 'key'].flatMap((name) => {
      const text: unknown = Reflect.get(Object(ssl), name) ?? Reflect.get(trusted, name)
      if (typeof text !== 'string') return []
      const file = path.join(folder, name)
      writeFileSync(file, text, { mode: 0o600 })
      return [[name, file]]
    }),
  )
  return { mode, ...written, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}
