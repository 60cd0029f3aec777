/** @module Whether a version of a module fits: what it requires is there, and whoever requires it accepts it. */
import type { FoundModule, Manifest } from '../manifest/manifest.ts'
import { loadSemver } from '../manifest/semver.ts'
import { ModuleDependentsError, ModuleNotReadyError, ModuleVersionError } from './errors.ts'

/** What a module can count on: enabled, or listed with its permissions in the configuration. */
export interface Surroundings {
  readonly modules: readonly FoundModule[]
  isActive(module: FoundModule): boolean
}

/** @throws {ModuleVersionError} */
export async function checkHigher(current: Manifest, next: Manifest): Promise<void> {
  const semver = await loadSemver()
  if (!semver.gt(next.version, current.version)) {
    throw new ModuleVersionError(current.name, current.version, next.version)
  }
}

/** @throws {ModuleNotReadyError} which says what to do first */
export async function checkRequirements({ name, requires }: Manifest, around: Surroundings): Promise<void> {
  const semver = await loadSemver()
  const steps: string[] = []
  const lacks = Object.entries(requires).flatMap(([required, range]) => {
    const found = around.modules.find(({ manifest }) => manifest.name === required)
    if (!found) {
      steps.push(`put "${required}" into a folder of modules`)
      return [`"${required}" ${range}, which is not there`]
    }
    const { version } = found.manifest
    if (!semver.satisfies(version, range)) {
      steps.push(`run "limber module update ${required} --from <source>"`)
      return [`"${required}" ${range}, which is there as ${version}`]
    }
    if (around.isActive(found)) return []
    steps.push(`run "limber module enable ${required}"`)
    return [`"${required}" ${range}, which is not enabled`]
  })
  if (lacks.length > 0) throw new ModuleNotReadyError(name, lacks, `First ${steps.join(', then ')}.`)
}

/** @throws {ModuleDependentsError} */
export async function checkDependents({ name, version }: Manifest, around: Surroundings): Promise<void> {
  const semver = await loadSemver()
  const refusing = dependentsOf(name, around).filter(
    ({ manifest }) => !semver.satisfies(version, manifest.requires[name] ?? '*'),
  )
  if (refusing.length === 0) return
  const names = refusing.map(({ manifest }) => `"${manifest.name}" (${manifest.requires[name]})`)
  const hint = 'Update those first, or choose a version that they accept.'
  throw new ModuleDependentsError(name, `become ${version}`, names, hint)
}

/** The active modules that require it. */
export function dependentsOf(name: string, { modules, isActive }: Surroundings): FoundModule[] {
  return modules.filter((module) => module.manifest.requires[name] !== undefined && isActive(module))
}
