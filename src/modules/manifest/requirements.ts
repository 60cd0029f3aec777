/** @module Who requires whom: the graph of modules. */
import type { FoundModule } from './manifest.ts'

/**
 * Gives modules so that each comes after what it requires of them; of several that could be next, the first by name is.
 * Those of a circle, and what requires them, are left out.
 */
export function requirementsFirst(modules: readonly FoundModule[]): readonly FoundModule[] {
  let waiting = [...modules].sort(byName)
  const ordered: FoundModule[] = []
  const isReady = (module: FoundModule) =>
    !waiting.some(({ manifest }) => Object.hasOwn(module.manifest.requires, manifest.name))
  for (let next = waiting.find(isReady); next; next = waiting.find(isReady)) {
    const taken = next
    waiting = waiting.filter((module) => module !== taken)
    ordered.push(taken)
  }
  return ordered
}

/**
 * Gives those that require a module, also by way of others, in the order in which they are unloaded before it.
 */
export function requirersOf(name: string, modules: readonly FoundModule[]): readonly FoundModule[] {
  const names = new Set([name])
  // Requirements come first, so one pass meets whoever requires a requirer.
  const ordered = requirementsFirst(modules)
  for (const { manifest } of ordered) {
    if (Object.keys(manifest.requires).some((each) => names.has(each))) names.add(manifest.name)
  }
  names.delete(name)
  return ordered.filter(({ manifest }) => names.has(manifest.name)).reverse()
}

/** The shortest way from one module to another by requirements, with both at its ends; undefined when there is none. */
export function wayBetween(
  from: string,
  to: string,
  modules: ReadonlyMap<string, FoundModule>,
): readonly string[] | undefined {
  const ways: string[][] = [[from]]
  const seen = new Set([from])
  for (const way of ways) {
    const last = way.at(-1) ?? ''
    if (last === to) return way
    for (const next of Object.keys(modules.get(last)?.manifest.requires ?? {})) {
      if (!seen.has(next)) ways.push([...way, next])
      seen.add(next)
    }
  }
  return undefined
}

export function byName(a: FoundModule, b: FoundModule): number {
  return a.manifest.name < b.manifest.name ? -1 : Number(a.manifest.name > b.manifest.name)
}
