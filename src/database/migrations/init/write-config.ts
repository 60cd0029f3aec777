/** @module Writes `config/database.ts` for an application that has none. */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../../connections/make-folder.ts'
import { FolderNotWritableError } from '../files/errors.ts'
import { DEFAULT_FOLDER } from '../migrations-config.ts'

const SOURCE = `import { env } from 'limber'
import { defineDatabase, fromUrl } from 'limber/database'

export default defineDatabase({
  default: 'main',
  connections: { main: fromUrl(env.string('DATABASE_URL', 'sqlite:storage/limber.sqlite')) },
  migrations: '${DEFAULT_FOLDER}',
})
`

/**
 * Gives the path of the file, from the root. It is JavaScript where the rest of the configuration is. Nothing is overwritten.
 *
 * @throws {FolderNotWritableError}
 */
export function writeDatabaseConfig(root: string): string {
  const ending = existsSync(path.join(root, 'config/app.js')) ? 'js' : 'ts'
  const file = path.join('config', `database.${ending}`)
  try {
    makeFolder(path.join(root, 'config'))
    writeFileSync(path.join(root, file), SOURCE, { flag: 'wx' })
  } catch (error) {
    throw new FolderNotWritableError(path.join(root, 'config'), error)
  }
  return file
}
