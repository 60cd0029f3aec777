/** @module From a folder to an application: loads `config/` and lines up the providers. */
import path from 'node:path'
import { ConfigFileError } from '../config/errors.ts'
import { loadConfig } from '../config/load-config.ts'
import { isClass } from '../support/class-of.ts'
import { Application } from './application.ts'
import type { AppDefinition } from './define-app.ts'
import { HealthServiceProvider } from './health.ts'
import { LogServiceProvider } from './log.ts'
import type { ServiceProviderClass } from './service-provider.ts'

/** What every application has, before its own providers. */
const CORE_PROVIDERS: readonly ServiceProviderClass[] = [LogServiceProvider, HealthServiceProvider]

export interface CreateApplicationOptions {
  /** The folder that holds `app/`, `config/` and `database/`; default: the working directory. */
  readonly root?: string
  /** Replaces sections, or changes them when given a function: for tests and tools. */
  readonly config?: Readonly<Record<string, unknown>>
}

/**
 * Creates an application from its folder. It is not booted yet.
 *
 * @throws {EnvironmentError} @throws {ConfigFileError}
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 *
 * await using app = await createApplication({ root: '.' })
 * await app.boot()
 * ```
 */
export async function createApplication(options: CreateApplicationOptions = {}): Promise<Application> {
  const root = path.resolve(options.root ?? '.')
  const sections = await loadConfig(root)
  for (const [name, change] of Object.entries(options.config ?? {})) {
    sections[name] = typeof change === 'function' ? change(sections[name]) : change
  }
  return new Application({ root, config: sections, providers: providersOf(sections.app) })
}

function providersOf(app: unknown) {
  if (!isAppDefinition(app)) {
    const hint = 'Export defineApp({ name, providers: […] }) from config/app.ts.'
    throw new ConfigFileError('config/app.ts', 'it does not list any providers.', hint)
  }
  const missing = app.providers.findIndex((provider) => !isClass(provider))
  if (missing >= 0) {
    const hint =
      'List the classes of the providers; one that is undefined is in a file that imports this one.'
    throw new ConfigFileError('config/app.ts', `provider ${missing + 1} is not a class.`, hint)
  }
  return [...CORE_PROVIDERS, ...app.providers].map((Provider) => (app: Application) => new Provider(app))
}

function isAppDefinition(section: unknown): section is AppDefinition {
  return (
    typeof section === 'object' &&
    section !== null &&
    'providers' in section &&
    Array.isArray(section.providers)
  )
}
