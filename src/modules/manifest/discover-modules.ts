/** @module Finds the modules of an application, and tells what is wrong with those it cannot take. */
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { ModuleEntry } from '../../application/define-app.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { placeFrom } from '../../support/place-from.ts'
import { checkEntries } from './check-entries.ts'
import { ModuleFolderError, ModuleManifestError, ModuleNameTakenError } from './errors.ts'
import { type FoundModule, MANIFEST_FILE } from './manifest.ts'
import { type ModuleFolder, moduleFolders } from './module-folders.ts'
import { objectionToName } from './module-name.ts'
import { readManifest } from './read-manifest.ts'

/** A module that cannot be loaded, and why. */
export interface ModuleFault {
  /** From the root of the application. */
  readonly folder: string
  /** As far as it can be told. */
  readonly name: string | undefined
  readonly error: LimberError
}

export interface Discovery {
  readonly found: readonly FoundModule[]
  readonly faults: readonly ModuleFault[]
}

/**
 * Reads the manifests of all modules that `entries` name. What is wrong with one of them is a fault, and does not keep the
 * others from being found. Both lists are in the order of the folders, whatever the order on the disk.
 *
 * @throws {ConfigFileError} when `entries` are none
 */
export async function discoverModules(root: string, entries: readonly ModuleEntry[]): Promise<Discovery> {
  checkEntries(entries)
  const found: FoundModule[] = []
  const faults: ModuleFault[] = []
  for (const each of await moduleFolders(root, entries)) {
    const result = each instanceof ModuleFolderError ? notTaken(each) : await read(root, each)
    if ('error' in result) faults.push(result)
    else found.push(result)
  }
  const byFolder = (a: string, b: string) => (a < b ? -1 : Number(a > b))
  const taken = namesTaken(root, found, faults)
  return {
    found: found
      .filter((module) => !taken.has(module))
      .sort((a, b) => byFolder(placeFrom(root, a.folder), placeFrom(root, b.folder))),
    faults: [...faults, ...taken.values()].sort((a, b) => byFolder(a.folder, b.folder)),
  }
}

/** Those of an application: in the folders that its configuration names. */
export function discoverIn({ root, config }: Application): Promise<Discovery> {
  return discoverModules(root, config.find('app')?.modules ?? [])
}

async function read(root: string, { folder, granted }: ModuleFolder): Promise<FoundModule | ModuleFault> {
  try {
    return await readManifest(folder, root, granted)
  } catch (error) {
    if (error instanceof LimberError) return faultOf(root, folder, error)
    throw error
  }
}

function notTaken(error: ModuleFolderError): ModuleFault {
  return { folder: error.folder, name: nameOf(error.folder), error }
}

function faultOf(root: string, folder: string, error: LimberError): ModuleFault {
  const name = error instanceof ModuleManifestError ? error.module : nameOf(folder)
  return { folder: placeFrom(root, folder), name, error }
}

function nameOf(folder: string): string | undefined {
  const name = path.basename(folder)
  return objectionToName(name) === undefined ? name : undefined
}

/** Of several modules with one name none is taken: which of them it were would be chance. */
function namesTaken(
  root: string,
  found: readonly FoundModule[],
  faults: readonly ModuleFault[],
): Map<FoundModule, ModuleFault> {
  const places = new Map<string, string[]>()
  const add = (name: string, place: string) => places.set(name, [...(places.get(name) ?? []), place])
  for (const { manifest, placeOf } of found) add(manifest.name, placeOf('name'))
  for (const { name, folder } of faults) if (name !== undefined) add(name, `${folder}/${MANIFEST_FILE}:1`)
  const taken = new Map<FoundModule, ModuleFault>()
  for (const module of found) {
    const { name } = module.manifest
    const all = places.get(name) ?? []
    if (all.length < 2) continue
    const error = new ModuleNameTakenError(name, all.sort())
    taken.set(module, { folder: placeFrom(root, module.folder), name, error })
  }
  return taken
}
