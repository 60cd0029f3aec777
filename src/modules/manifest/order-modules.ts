/** @module The order in which modules are loaded: each after those that it requires. */
import path from 'node:path'
import type { Fault } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'
import type { ModuleFault } from './discover-modules.ts'
import { ModuleRequirementError } from './errors.ts'
import type { FoundModule } from './manifest.ts'
import { byName, requirementsFirst, wayBetween } from './requirements.ts'
import { loadSemver, type Semver } from './semver.ts'

export interface ModuleOrder {
  /** Requirements first, otherwise by name. */
  readonly ordered: readonly FoundModule[]
  /** Those whose requirements are not met, by name. */
  readonly faults: readonly ModuleFault[]
}

/**
 * Orders modules so that each comes after what it requires, and by name where that leaves a choice. A module is a fault
 * when what it requires is missing, has another version, requires it in turn, or is a fault itself.
 *
 * @param faulty modules that are known not to be loaded: who requires one is told where it says why
 * @throws {PackageMissingError} when `semver` is not installed
 */
export async function orderModules(
  found: readonly FoundModule[],
  faulty: readonly ModuleFault[] = [],
): Promise<ModuleOrder> {
  if (found.length === 0) return { ordered: [], faults: [] }
  const check = new Requirements(found, faulty, await loadSemver())
  const faults = [...found].sort(byName).flatMap((module) => check.faultOf(module) ?? [])
  const names = new Set(faults.map(({ name }) => name))
  return { ordered: requirementsFirst(found.filter(({ manifest }) => !names.has(manifest.name))), faults }
}

class Requirements {
  readonly #modules: ReadonlyMap<string, FoundModule>
  readonly #faulty: ReadonlyMap<string | undefined, ModuleFault>
  readonly #semver: Semver
  /** Where the first fault of a module is, of those that cannot be loaded. */
  readonly #broken = new Map<string, string>()

  constructor(found: readonly FoundModule[], faulty: readonly ModuleFault[], semver: Semver) {
    this.#modules = new Map(found.map((module) => [module.manifest.name, module]))
    this.#faulty = new Map(faulty.map((fault) => [fault.name, fault]))
    this.#semver = semver
    // Whoever requires a broken module is one too, and whoever requires that.
    for (let before = -1; before < this.#broken.size; ) {
      before = this.#broken.size
      for (const module of found) this.#mark(module)
    }
  }

  faultOf(module: FoundModule): ModuleFault | undefined {
    const faults = this.#faultsOf(module)
    if (faults.length === 0) return undefined
    const folder = path.posix.dirname(module.placeOf('name'))
    return { folder, name: module.manifest.name, error: new ModuleRequirementError(faults) }
  }

  #mark(module: FoundModule): void {
    const { name } = module.manifest
    const [first] = this.#broken.has(name) ? [] : this.#faultsOf(module)
    if (first) this.#broken.set(name, first.path)
  }

  #faultsOf(module: FoundModule): readonly Fault[] {
    return Object.entries(module.manifest.requires).flatMap(([name, range]) => {
      const reason = this.#objection(module.manifest.name, name, range)
      const message = `"${module.manifest.name}" requires "${name}"${reason}`
      return reason === undefined ? [] : [{ path: module.placeOf('requires', name), message }]
    })
  }

  /** How the sentence "a requires b" goes on where that cannot be. */
  #objection(from: string, name: string, range: string): string | undefined {
    const required = this.#modules.get(name)
    if (required === undefined) return this.#absence(name)
    const { version } = required.manifest
    if (!this.#semver.satisfies(version, range)) return ` in a version of ${range}; there is ${version}.`
    const back = wayBetween(name, from, this.#modules)
    if (back) return `, and so requires itself: ${[from, ...back].map((each) => `"${each}"`).join(' → ')}.`
    const place = this.#broken.get(name)
    return place === undefined ? undefined : `, which cannot be loaded: see ${place}.`
  }

  #absence(name: string): string {
    const fault = this.#faulty.get(name)
    if (fault) return `, which cannot be loaded: see ${fault.error.faults[0]?.path ?? fault.folder}.`
    const near = suggest(name, [...this.#modules.keys()].sort())
    return `, and there is no such module.${near === undefined ? '' : ` Did you mean "${near}"?`}`
  }
}
