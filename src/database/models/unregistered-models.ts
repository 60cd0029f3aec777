/** @module Finds model files that nobody registered, from their text: importing them would run them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = 'app/models'
const IS_MODEL = /^\s*@Entity\(|\bdefineEntity\(|\bnew EntitySchema\(/m
const NAMES = /\bexport\s+(?:default\s+)?(?:class|const)\s+(\w+)|\bname:\s*['"](\w+)['"]/g

/**
 * Gives what to say about each file under `app/models` of which no model is registered.
 *
 * @param registered the names of the models that are
 */
export function unregisteredModels(root: string, registered: ReadonlySet<string>): string[] {
  const folder = path.join(root, FOLDER)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .sort()
    .filter((file) => !isRegistered(readFileSync(path.join(folder, file), 'utf8'), registered))
    .map((file) => {
      const name = `${FOLDER}/${file.split(path.sep).join('/')}`
      return `${name} is not registered, so it has no table. Add this line to models in config/app.ts: () => import('../${name}'),`
    })
}

function isRegistered(text: string, registered: ReadonlySet<string>): boolean {
  if (!IS_MODEL.test(text)) return true
  const names = [...text.matchAll(NAMES)].map((match) => match[1] ?? match[2] ?? '')
  return names.length === 0 || names.some((name) => registered.has(name))
}
