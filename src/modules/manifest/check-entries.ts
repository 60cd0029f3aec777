/** @module Checks what the configuration says about where modules are: a mistake there is nobody's module. */
import type { ModuleEntry } from '../../application/define-app.ts'
import { ConfigFileError } from '../../config/errors.ts'
import { suggest } from '../../support/suggest.ts'
import { isPermission, PERMISSIONS } from '../permissions/permission.ts'

const EXAMPLE = "modules: ['modules/*', { folder: 'modules/shop', permissions: ['use_db'] }]"

/** @throws {ConfigFileError} */
export function checkEntries(entries: readonly ModuleEntry[]): void {
  const written: unknown = entries
  if (!Array.isArray(written)) throw refusal('modules is not a list.')
  for (const [index, entry] of written.entries()) checkEntry(entry, `entry ${index + 1} of modules`)
}

function checkEntry(entry: unknown, place: string): void {
  if (typeof entry === 'string' && entry !== '') return
  if (typeof entry !== 'object' || entry === null || !('folder' in entry)) {
    throw refusal(`${place} is neither a folder, nor a pattern, nor a folder with permissions.`)
  }
  const { folder, ...rest } = entry
  if (typeof folder !== 'string' || folder === '') throw refusal(`the folder of ${place} is not a text.`)
  checkPermissions('permissions' in rest ? rest.permissions : undefined, `"${folder}"`)
}

function checkPermissions(granted: unknown, module: string): void {
  if (!Array.isArray(granted)) throw refusal(`the permissions of ${module} are not a list.`)
  const unknown: unknown = granted.find((each) => typeof each !== 'string' || !isPermission(each))
  if (unknown === undefined && !granted.includes(undefined)) return
  const near = suggest(String(unknown), Object.keys(PERMISSIONS))
  const reason = `${module} is granted "${unknown}", which is no permission.`
  const hint = near
    ? `Did you mean "${near}"?`
    : `Name some of these: ${Object.keys(PERMISSIONS).join(', ')}.`
  throw new ConfigFileError('config/app.ts', reason, hint)
}

function refusal(reason: string): ConfigFileError {
  return new ConfigFileError('config/app.ts', reason, `Write it like ${EXAMPLE}.`)
}
