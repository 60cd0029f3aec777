/** @module The log of the application: pino, as JSON lines, or readable where a person watches. */
import { createRequire } from 'node:module'
import type { DestinationStream, Logger, LoggerOptions } from 'pino'
import { codeOf } from '../support/code-of.ts'
import type { Application } from './application.ts'
import { redactLine } from './redact.ts'
import { ServiceProvider } from './service-provider.ts'

export type Log = Logger

const NO_FACTS = {}

export interface LogConfig {
  /** Default: `info`, in tests `silent`. */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /**
   * Words that make a field secret, besides those that always do (`authorization`, `cookie`, `password`, `secret`, `apiKey`, …):
   * the value of a field whose name contains one is never written.
   */
  readonly redact?: readonly string[]
  /** Where lines of JSON go; default: standard error, readable where a person watches. */
  readonly destination?: DestinationStream
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
    this.app.singleton('log', () => createLog(this.app))
  }
}

/** Logs go to standard error: standard output belongs to the answers of commands. */
function createLog(app: Application): Log {
  const { environment } = app
  const config: LogConfig = app.config.find('log') ?? {}
  const require = createRequire(import.meta.url)
  // Loaded here, not at the top: most commands never log.
  const { pino }: typeof import('pino') = require('pino')
  const options: LoggerOptions = {
    level: config.level ?? (environment === 'test' ? 'silent' : 'info'),
    // Asked for each line that is written: a child logger for each scope would cost those that write none.
    mixin: () => app.currentScope()?.facts ?? NO_FACTS,
    mixinMergeStrategy: (line, facts) => ({ ...facts, ...line }),
    hooks: { streamWrite: redactLine(config.redact) },
  }
  const isWatched = environment === 'development' && process.stderr.isTTY
  const pretty = isWatched && !config.destination ? prettyStream(require) : undefined
  return pino(options, config.destination ?? pretty ?? pino.destination({ dest: 2, sync: true }))
}

function prettyStream(require: NodeJS.Require) {
  try {
    const pretty: typeof import('pino-pretty') = require('pino-pretty')
    return pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' })
  } catch (error) {
    // It is optional: without it the lines stay JSON.
    if (codeOf(error) === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}
