/** @module Reads the manifest of a module, before any of its code is imported. */
import path from 'node:path'
import { placeFrom } from '../../support/place-from.ts'
import { readYaml } from '../../yaml/read-yaml.ts'
import type { YamlNode } from '../../yaml/yaml-node.ts'
import type { YamlSource } from '../../yaml/yaml-source.ts'
import { checkManifest } from './check-manifest.ts'
import { ModuleManifestError } from './errors.ts'
import { type FoundModule, MANIFEST_FILE, type Manifest } from './manifest.ts'
import { objectionToName } from './module-name.ts'
import { loadSemver } from './semver.ts'

/** Whoever needs more keeps data in its manifest. */
const LIMIT = 64 * 1024

/**
 * Reads and checks `module.yaml`; everything it gives is frozen.
 *
 * @param folder of the module
 * @param root of the application
 * @param granted what the configuration has consented to
 * @param name what the module has to be named: as its folder, unless that is a copy which only waits to be taken
 * @throws {ModuleManifestError} with every fault and its line @throws {PackageMissingError}
 */
export async function readManifest(
  folder: string,
  root: string,
  granted?: readonly string[],
  name: string = path.basename(folder),
): Promise<FoundModule> {
  const place = placeFrom(root, path.join(folder, MANIFEST_FILE))
  const source: YamlSource = { folder, name: MANIFEST_FILE, place, limit: LIMIT }
  const known = objectionToName(name) === undefined ? name : undefined
  const node = await readYaml(source, (faults, cause) => new ModuleManifestError(faults, known, cause))
  const { manifest, faults } = checkManifest(node, { name, place, semver: await loadSemver() })
  if (faults.length > 0) {
    const module = objectionToName(manifest.name) === undefined ? manifest.name : known
    throw new ModuleManifestError(faults, module)
  }
  return Object.freeze({
    manifest,
    folder: path.resolve(folder),
    granted: granted && Object.freeze([...granted]),
    placeOf: (property: keyof Manifest, entry?: string) => `${place}:${lineOf(node, property, entry)}`,
  })
}

/** The line of the nearest thing that is there. */
function lineOf(node: YamlNode, property: keyof Manifest, entry?: string): number {
  const found = node.kind === 'map' ? node.entries.get(property) : undefined
  if (found === undefined) return 1
  if (entry === undefined || found.node.kind === 'scalar') return found.line
  if (found.node.kind === 'map') return found.node.entries.get(entry)?.line ?? found.line
  const item = found.node.items.find((each) => each.kind === 'scalar' && each.written === entry)
  return item?.line ?? found.line
}
