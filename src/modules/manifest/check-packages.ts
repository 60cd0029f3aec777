/** @module Checks that the packages which modules need are installed, before their code imports them. */
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Fault } from '../../errors/limber-error.ts'
import type { ModuleFault } from './discover-modules.ts'
import { ModulePackageError } from './errors.ts'
import { installedPackage } from './installed-package.ts'
import type { FoundModule } from './manifest.ts'
import { loadSemver, type Semver } from './semver.ts'

/**
 * Looks for what each module needs as Node does from the folder of the module, then from the application, and compares
 * versions.
 *
 * @param root of the application
 * @returns one fault for each module that lacks something
 * @throws {PackageMissingError} when `semver` is not installed
 */
export async function checkPackages(
  found: readonly FoundModule[],
  root: string,
): Promise<readonly ModuleFault[]> {
  if (found.length === 0) return []
  const semver = await loadSemver()
  const faults = await Promise.all(found.map((module) => check(module, root, semver)))
  return faults.filter((fault) => fault !== undefined)
}

async function check(module: FoundModule, root: string, semver: Semver): Promise<ModuleFault | undefined> {
  const needed = Object.entries(module.manifest.packages)
  if (needed.length === 0) return undefined
  // Node resolves from where a linked folder really is.
  const folders = [await realpath(module.folder), await realpath(root)]
  const faults: Fault[] = []
  const missing: string[] = []
  for (const [name, range] of needed) {
    const reason = await objection(name, range, folders, semver)
    if (reason === undefined) continue
    const message = `"${module.manifest.name}" needs the package "${name}" in a version of ${range}; ${reason}.`
    faults.push({ path: module.placeOf('packages', name), message })
    missing.push(`${name}@${range}`)
  }
  if (faults.length === 0) return undefined
  const folder = path.posix.dirname(module.placeOf('name'))
  return { folder, name: module.manifest.name, error: new ModulePackageError(faults, missing) }
}

async function objection(
  name: string,
  range: string,
  folders: readonly string[],
  semver: Semver,
): Promise<string | undefined> {
  for (const folder of folders) {
    const installed = await installedPackage(name, folder)
    if (installed === undefined) continue
    if (typeof installed === 'string') return installed
    const { version } = installed
    if (version === undefined || semver.valid(version) === null) return 'the installed one says no version'
    return semver.satisfies(version, range) ? undefined : `${version} is installed`
  }
  return 'it is not installed'
}
