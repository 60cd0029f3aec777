/** @module An application whose shop 1.0.0 is on any database, used through processes as by a person. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Driver } from 'limber/database'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { type Ended, runLimber } from '../../support/run-limber.ts'
import { execute, type Ground, PEOPLE } from './grounds.ts'
import { applicationWith, filesIn, migration, type ShopApplication, shopFiles } from './shop.ts'

const KILLER = fileURLToPath(new URL('kill-at-step.ts', import.meta.url))
const ROWS = ['customer', 'purchase', 'limber_migrations', 'coupon']

export interface ShopOn {
  readonly shop: ShopApplication
  readonly driver: Driver
  /** Runs limber as a process. */
  run(...argv: readonly string[]): Promise<Ended>
  /** The same, killed before a step; without one, its steps are told. */
  kill(argv: readonly string[], step?: number): Promise<Ended & { readonly steps: readonly string[] }>
  /** Everything that an update may change. */
  state(): Promise<Readonly<Record<'code' | 'data' | 'enabled' | 'leftovers', unknown>>>
}

/** The shop at a version, in a folder to update from. */
export function versionOn(ground: Ground, version = '1.3.0', failing?: string): string {
  const folder = emptyFolder()
  write(folder, filesOn(ground, version, failing))
  return folder
}

function filesOn(ground: Ground, version: string, failing?: string): Record<string, string> {
  const files = { 'migrations/1.0.0.ts': migration('1.0.0', ground.first) }
  return shopFiles({ version, files, ...(failing ? { failing } : {}) })
}

/** Its shop is enabled, and has rows. */
export async function shopOn(ground: Ground): Promise<ShopOn> {
  const shop = applicationWith({ shop: { files: filesOn(ground, '1.0.0') } })
  const { database, driver } = await ground.place(shop.root)
  write(shop.root, {
    'config/modules.ts': `import { defineModules } from 'limber/modules'\nexport default defineModules({ database: ${JSON.stringify(database)} })\n`,
  })
  const run = (...argv: readonly string[]) => runLimber(argv, { cwd: shop.root })
  await shop.succeed('module', 'enable', 'shop', '--yes')
  await shop.succeed('db', 'migrate', '--module', 'shop')
  await execute(driver, ground.title === 'PostgreSQL' ? [...PEOPLE, ...CATCH_UP] : PEOPLE)
  return {
    shop,
    driver,
    run,
    async kill(argv, step) {
      const steps = path.join(path.dirname(shop.root), `${path.basename(shop.root)}-steps`)
      const env = {
        LIMBER_TEST_FOLDER: shop.root,
        ...(step === undefined ? { LIMBER_TEST_STEPS: steps } : { LIMBER_TEST_KILL: String(step) }),
      }
      const ended = await runLimber(argv, { cwd: shop.root, env, nodeOptions: ['--import', KILLER] })
      const isTold = step === undefined && existsSync(steps)
      return { ...ended, steps: isTold ? readFileSync(steps, 'utf8').trimEnd().split('\n') : [] }
    },
    state: async () => ({
      code: filesIn(shop.folder),
      data: await dump(ground, driver),
      enabled: shop.enabled(),
      leftovers: shop.leftovers(),
    }),
  }
}

/** Rows with keys of their own leave the sequence behind. */
const CATCH_UP = ["select setval('customer_id_seq', 40)"]

async function dump(ground: Ground, driver: Driver): Promise<unknown> {
  const isThere = async (table: string) =>
    execute(driver, [`select * from ${table} order by 1`]).then(
      ([rows]) => [table, (rows as Record<string, unknown>[]).map(({ applied_at: _, ...row }) => row)],
      () => [table, 'is not there'],
    )
  return { facts: await execute(driver, ground.facts), rows: await Promise.all(ROWS.map(isThere)) }
}
