/** @module Names in `config/modules.ts` that no module has: what stands under them would be passed over without a word. */
import { suggest } from '../support/suggest.ts'
import type { ModulesConfig } from './modules-config.ts'

/** Gives a line for each of them. */
export function unknownNames(
  { config = {}, databases = {} }: ModulesConfig,
  known: readonly string[],
): string[] {
  return Object.entries({ config, databases }).flatMap(([section, entries]) =>
    Object.keys(entries)
      .filter((name) => !known.includes(name))
      .map((name) => {
        const near = suggest(name, known)
        const hint = near ? ` Did you mean "${near}"?` : ''
        return `${section} in config/modules.ts names "${name}", and there is no such module.${hint}`
      }),
  )
}
