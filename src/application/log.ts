/** @module The log of the application: pino, as JSON lines, or readable where a person watches. */
import { createRequire } from 'node:module'
import type { Logger, LoggerOptions } from 'pino'
import { ServiceProvider } from './service-provider.ts'

export type Log = Logger

export interface LogConfig {
  /** Default: `info`, in tests `silent`. */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
}

declare module '../container/services.ts' {
  interface Services {
    log: Log
  }
}
declare module '../config/config.ts' {
  interface ConfigSections {
    log: LogConfig
  }
}

export class LogServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('log', () => createLog(this.app.environment, this.app.config.find('log')))
  }
}

/** Logs go to standard error: standard output belongs to the answers of commands. */
function createLog(environment: string, config: LogConfig = {}): Log {
  const require = createRequire(import.meta.url)
  // Loaded here, not at the top: most commands never log.
  const { pino }: typeof import('pino') = require('pino')
  const options: LoggerOptions = { level: config.level ?? (environment === 'test' ? 'silent' : 'info') }
  const isWatched = environment === 'development' && process.stderr.isTTY
  const pretty = isWatched ? prettyStream(require) : undefined
  return pino(options, pretty ?? pino.destination({ dest: 2, sync: true }))
}

function prettyStream(require: NodeJS.Require) {
  try {
    const pretty: typeof import('pino-pretty') = require('pino-pretty')
    return pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })
  } catch (error) {
    // It is optional: without it the lines stay JSON.
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
