/** @module Orders modules: each after those that it requires. */
import type { ModuleFault } from './discover-modules.ts'
import type { FoundModule } from './manifest.ts'

export function orderModules(found: readonly FoundModule[]): {
  ordered: readonly FoundModule[]
  faults: readonly ModuleFault[]
} {
  const ordered: FoundModule[] = []
  const add = (module: FoundModule) => {
    if (ordered.includes(module)) return
    for (const name of Object.keys(module.manifest.requires)) {
      const required = found.find(({ manifest }) => manifest.name === name)
      if (required) add(required)
    }
    ordered.push(module)
  }
  for (const module of found) add(module)
  return { ordered, faults: [] }
}

/** The names of the modules that require one, directly or not. */
export function requirersOf(name: string, found: readonly FoundModule[]): string[] {
  const direct = found.filter(({ manifest }) => Object.hasOwn(manifest.requires, name))
  const all = direct.flatMap(({ manifest }) => [manifest.name, ...requirersOf(manifest.name, found)])
  return [...new Set(all)]
}
