/** @module Imports the files of `config/` and reports every fault of the environment at once. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import { LimberError } from '../errors/limber-error.ts'
import { messageOf } from '../support/message-of.ts'
import { withEnvironment } from './env.ts'
import { ConfigFileError, EnvironmentError } from './errors.ts'

/** The faults of folders whose files were evaluated with placeholders: the files stay in memory as they are. */
const faulty = new Map<string, EnvironmentError>()

/**
 * Gives the default export of each file in `config/` under the name of the file.
 *
 * @param root the folder of the application, which holds `config/` and perhaps `.env`
 * @throws {EnvironmentError} also when it is called again in the same process, since the files are evaluated once
 * @throws {ConfigFileError}
 */
export async function loadConfig(root: string): Promise<Record<string, unknown>> {
  const folder = path.join(root, 'config')
  const earlier = faulty.get(folder)
  if (earlier) throw earlier
  try {
    return await importConfig(root, folder)
  } catch (error) {
    if (error instanceof EnvironmentError) faulty.set(folder, error)
    throw error
  }
}

function importConfig(root: string, folder: string): Promise<Record<string, unknown>> {
  return withEnvironment(path.join(root, '.env'), async () => {
    const sections: Record<string, unknown> = {}
    const imports = configFiles(folder).map((file) => async () => {
      sections[path.parse(file).name] = await importSection(path.join(folder, file), `config/${file}`)
    })
    // One broken file does not hide the faults of the environment that the next one meets.
    const errors = await attemptAll(imports)
    throwAll(errors, `${errors.length} files of the configuration cannot be used.`)
    return sections
  })
}

function configFiles(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new ConfigFileError(
      'config/',
      `the folder ${folder} does not exist.`,
      'Run limber in the folder of an application.',
    )
  }
  return readdirSync(folder)
    .filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith('.d.ts'))
    .sort()
}

async function importSection(file: string, name: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof LimberError) throw error
    const reason = messageOf(error)
    throw new ConfigFileError(name, reason, 'Correct the file; the cause says where it failed.', error)
  }
  if (module.default === undefined) {
    throw new ConfigFileError(name, 'it has no default export.', 'Export the section: export default { … }.')
  }
  return module.default
}
