/** @module Creates the application of a test. */
import type { Application } from '../application/application.ts'
import { createApplication } from '../application/create-application.ts'
import type { CacheConfig } from '../cache/cache-config.ts'
import { memoryStore } from '../cache/stores/memory-store.ts'
import type { ServiceName, Services } from '../container/services.ts'
import type { DatabaseConfig } from '../database/database-config.ts'
import { answerInMemory, botInMemory } from './bot/test-bots.ts'
import { TestApplication } from './test-application.ts'

export interface TestApplicationOptions {
  /** The folder of the application; default: the working directory. */
  readonly root?: string
  /** Replaces sections of the configuration, or changes them when given a function. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Handed out instead of what the providers bind. */
  readonly services?: Partial<Services>
  /** `memory` gives every connection an empty database that ends with the test; default. */
  readonly database?: 'memory' | 'configured'
  /** `memory` gives every store of the cache an empty memory that ends with the test; default. */
  readonly cache?: 'memory' | 'configured'
  /** `memory` gives the bot a token of no bot, and answers what it calls in memory; default. */
  readonly bot?: 'memory' | 'configured'
  /** Whether the migrations are applied before the test begins; default: true for a database in memory, and with `rollback`. */
  readonly migrate?: boolean
  /** Undoes everything that the test writes, also in its requests; the schema is then applied once per worker. */
  readonly rollback?: boolean
  /** The seeder to run before the test begins. */
  readonly seed?: string
}

/**
 * Creates and boots an application for a test. Dispose it at the end, best with `await using`.
 *
 * @example
 * ```ts
 * import { createTestApplication } from 'limber/testing'
 *
 * await using test = await createTestApplication({ seed: 'database' })
 * const reply = await test.inject({ method: 'GET', url: '/books' })
 * const status = await test.run('db', 'status')
 * ```
 */
export async function createTestApplication(options: TestApplicationOptions = {}): Promise<TestApplication> {
  const { database = 'memory', cache = 'memory', bot = 'memory', rollback = false, seed } = options
  const { migrate = rollback || database === 'memory' } = options
  const config = {
    ...(database === 'memory' && { database: inMemory }),
    ...(cache === 'memory' && { cache: cacheInMemory }),
    ...options.config,
    ...(bot === 'memory' && { bot: botInMemory(options.config?.bot) }),
  }
  const app = await createApplication({ ...rootOf(options), config })
  await app.boot()
  if (bot === 'memory') answerInMemory(app)
  swapServices(app, options.services ?? {})
  const test = new TestApplication(app)
  try {
    if (migrate && app.has('db')) await applySchema(test, rollback && database === 'configured')
    if (rollback) await test.rollback()
    if (seed !== undefined) await expectSuccess(test, ['db', 'seed', seed])
  } catch (error) {
    await test[Symbol.asyncDispose]()
    throw error
  }
  return test
}

function rootOf({ root }: TestApplicationOptions): { root?: string } {
  return root === undefined ? {} : { root }
}

function inMemory(section: DatabaseConfig | undefined): DatabaseConfig | undefined {
  return section && { ...section, scratch: true }
}

function cacheInMemory(section: CacheConfig | undefined): CacheConfig | undefined {
  if (!section) return undefined
  const names = Object.keys(section.stores)
  return { ...section, stores: Object.fromEntries(names.map((name) => [name, memoryStore()])) }
}

function swapServices(app: Application, services: Partial<Services>): void {
  for (const [key, value] of Object.entries(services)) app.swap(key as ServiceName, value as never)
}

/** The databases of this worker whose schema is up to date. */
const migrated = new Map<string, Promise<void>>()

/** A test that undoes what it writes leaves the schema as it was: then the next one need not look again. */
function applySchema(test: TestApplication, isOnce: boolean): Promise<void> {
  const migrate = () => expectSuccess(test, ['db', 'migrate'])
  if (!isOnce) return migrate()
  const { connections } = test.app.config.get('database')
  const labels = Object.values(connections).map((entry) => (typeof entry === 'string' ? entry : entry.label))
  const key = [test.app.root, ...labels].join('\n')
  const known = migrated.get(key) ?? migrate()
  migrated.set(key, known)
  known.catch(() => migrated.delete(key))
  return known
}

async function expectSuccess(test: TestApplication, argv: string[]): Promise<void> {
  const { exitCode, stderr } = await test.run(...argv)
  if (exitCode !== 0) throw new Error(`limber ${argv.join(' ')} failed before the test began.\n${stderr}`)
}
