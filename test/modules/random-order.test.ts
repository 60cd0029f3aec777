import fc from 'fast-check'
import { LimberError } from 'limber'
import type { Modules } from 'limber/modules'
import { expect, it } from 'vitest'
import { type ModuleFiles, withModules, writeModule } from '../support/module-folder.ts'

const RUNS = process.env.LIMBER_TEST_DEEP ? 200 : 8

/** Each requires the one before it. */
const NAMES = ['base', 'middle', 'top'] as const
type Name = (typeof NAMES)[number]

interface Step {
  readonly verb: 'load' | 'unload' | 'unload with requirers' | 'reload' | 'break' | 'mend'
  readonly name: Name
}

/** Counts how often it begins and ends; a broken one fails in onInit(). */
function counting(name: Name, isBroken = false): ModuleFiles {
  const required = NAMES[NAMES.indexOf(name) - 1]
  return {
    manifest: required ? `requires: { ${required}: "*" }` : '',
    files: {
      'provider.ts': `
import { ModuleProvider } from 'limber/modules'
export class Counting extends ModuleProvider {
  override register() { this.app.instance('lives.${name}', 1) }
  override onInit() { if (${isBroken}) throw new Error('broken'); (globalThis as any).lives.${name}++ }
  override onUnload() { (globalThis as any).lives.${name}-- }
}`,
    },
  }
}

function run(modules: Modules, root: string, { verb, name }: Step): Promise<void> {
  if (verb === 'load' || verb === 'reload' || verb === 'unload') return modules[verb](name)
  if (verb === 'unload with requirers') return modules.unload(name, { cascade: true })
  writeModule(root, name, counting(name, verb === 'break'))
  return Promise.resolve()
}

const steps = fc.array(
  fc.record({
    verb: fc.constantFrom<Step['verb'][]>(
      'load',
      'unload',
      'unload with requirers',
      'reload',
      'break',
      'mend',
    ),
    name: fc.constantFrom(...NAMES),
  }),
  { minLength: 1, maxLength: 8 },
)

it('whatever is asked for at once, a module lives once or not at all, and only with those that it requires', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const lives: Record<Name, number> = { base: 0, middle: 0, top: 0 }
      Object.assign(globalThis, { lives })
      const all = Object.fromEntries(NAMES.map((name) => [name, counting(name)]))
      const { app, root } = await withModules(all, { database: 'none' })
      await app.boot()
      await app.scope(() => undefined)
      const modules = app.make('modules')
      const outcomes = await Promise.allSettled(asked.map((step) => run(modules, root, step)))
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LimberError)
      }
      const isLoaded = modules.list().map(({ state }) => state === 'loaded')
      expect(modules.list().map(({ name }) => name)).toEqual(NAMES)
      expect(isLoaded, 'none without those it requires').toEqual(isLoaded.toSorted().reverse())
      expect(Object.values(lives)).toEqual(isLoaded.map(Number))
      expect(modules.list().map(({ bindings }) => bindings.length)).toEqual(isLoaded.map(Number))
      await app.stop()
      expect(Object.values(lives)).toEqual([0, 0, 0])
    }),
    { numRuns: RUNS },
  )
})
