/** @module What the configuration of the plugins says that would be unsafe, or would do nothing. */
import type { Fault } from '../../errors/limber-error.ts'
import { faultsOfSecrets } from '../../support/secrets.ts'
import type { HttpConfig } from '../http-config.ts'
import { faultsOfCookies } from './cookies.ts'
import { faultsOfCors } from './cors.ts'
import { faultsOfSessions } from './sessions.ts'
import { faultsOfPrefix } from './static-files.ts'

/** Every fault that shows without looking at files, and without a package. */
export function faultsOfPlugins({ cookies, cors, csrf, sessions, static: files }: HttpConfig): Fault[] {
  const secret = typeof cookies === 'object' ? cookies.secret : undefined
  const faults = secret === undefined ? [] : faultsOfSecrets('cookies.secret', secret)
  if (typeof cookies === 'object') faults.push(...faultsOfCookies(cookies))
  if (cors) faults.push(...faultsOfCors(cors))
  if (sessions) faults.push(...faultsOfSessions(sessions === true ? {} : sessions, secret))
  if (csrf && !sessions && !cookies) {
    const message = 'It has nowhere to keep the secret of a client. Configure sessions, or at least cookies.'
    faults.push({ path: 'csrf', message })
  }
  for (const config of files ? [files].flat() : []) faults.push(...faultsOfPrefix(config))
  return faults
}
