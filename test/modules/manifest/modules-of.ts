import type { FoundModule } from 'limber/modules'

export interface Sketch {
  readonly version?: string
  readonly requires?: Readonly<Record<string, string>>
}

/** Modules as they are found: the line of a requirement is 4 for the first, 5 for the second. */
export function modulesOf(sketches: Readonly<Record<string, Sketch>>): FoundModule[] {
  return Object.entries(sketches).map(([name, { version = '1.0.0', requires = {} }]) => ({
    manifest: {
      name,
      version,
      description: '',
      author: '',
      permissions: [],
      autoLoad: true,
      requires,
      packages: {},
      language: 'en',
      config: {},
    },
    folder: `/app/modules/${name}`,
    granted: undefined,
    placeOf: (property, entry) => {
      const line = property === 'requires' && entry ? 4 + Object.keys(requires).indexOf(entry) : 1
      return `modules/${name}/module.yaml:${line}`
    },
  }))
}
