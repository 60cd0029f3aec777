/** @module What the servers have in common that a test file has for itself. */
import type { ServerProcess } from './server-process.ts'

export interface PrivateServer {
  readonly title: string
  readonly port: number
  /** Who may do everything. */
  readonly user: string
  readonly password: string
  /** A database that exists from the beginning. */
  readonly database: string
  readonly process: ServerProcess
  /** Ends the server and removes its data. */
  remove(): Promise<void>
}

export const ADA = { user: 'ada', password: 's3cret' }

/** The certificate of a server and its key, as files. */
export interface TlsFiles {
  readonly folder: string
  readonly cert: string
  readonly key: string
}
