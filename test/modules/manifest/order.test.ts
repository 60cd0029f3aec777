import * as fc from 'fast-check'
import { ModuleManifestError, ModuleRequirementError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { orderModules, requirersOf } from '../internals.ts'
import { modulesOf, type Sketch } from './modules-of.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 20_000 : isContinuous ? 300 : 100
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

async function order(sketches: Readonly<Record<string, Sketch>>) {
  const { ordered, faults } = await orderModules(modulesOf(sketches))
  return {
    ordered: ordered.map(({ manifest }) => manifest.name),
    faults: faults.flatMap(({ error }) => error.faults.map((fault) => `${fault.path}: ${fault.message}`)),
  }
}

describe('modules are ordered', () => {
  test('by name when nothing requires anything', async () => {
    expect(await order({ users: {}, shop: {}, a: {} })).toEqual({
      ordered: ['a', 'shop', 'users'],
      faults: [],
    })
  })

  test('requirements first, otherwise by name', async () => {
    const { ordered } = await order({
      a: { requires: { z: '^1' } },
      b: {},
      m: { requires: { a: '*', b: '1.0.0' } },
      z: {},
    })
    expect(ordered).toEqual(['b', 'z', 'a', 'm'])
  })

  test('also when there are none', async () => {
    expect(await orderModules([])).toEqual({ ordered: [], faults: [] })
  })
})

describe('a module is a fault', () => {
  test('when a module that it requires is missing', async () => {
    const { ordered, faults } = await order({
      shop: { requires: { uesrs: '^1' } },
      users: {},
      wiki: { requires: { x: '1' } },
    })
    expect(ordered).toEqual(['users'])
    expect(faults).toEqual([
      'modules/shop/module.yaml:4: "shop" requires "uesrs", and there is no such module. Did you mean "users"?',
      'modules/wiki/module.yaml:4: "wiki" requires "x", and there is no such module.',
    ])
  })

  test('when a module that it requires has another version', async () => {
    const { faults } = await order({ shop: { requires: { users: '^2.0.0' } }, users: { version: '1.9.0' } })
    expect(faults).toEqual([
      'modules/shop/module.yaml:4: "shop" requires "users" in a version of ^2.0.0; there is 1.9.0.',
    ])
  })

  test('when it requires itself by way of another', async () => {
    expect(await order({ a: { requires: { b: '1' } }, b: { requires: { c: '1', a: '1' } }, c: {} })).toEqual({
      ordered: ['c'],
      faults: [
        'modules/a/module.yaml:4: "a" requires "b", and so requires itself: "a" → "b" → "a".',
        'modules/b/module.yaml:5: "b" requires "a", and so requires itself: "b" → "a" → "b".',
      ],
    })
  })

  test('when it is one of a circle of three, or requires one', async () => {
    const { ordered, faults } = await order({
      a: { requires: { b: '1' } },
      b: { requires: { c: '1' } },
      c: { requires: { a: '1' } },
      d: { requires: { a: '1' } },
      e: {},
    })
    expect(ordered).toEqual(['e'])
    expect(faults).toEqual([
      'modules/a/module.yaml:4: "a" requires "b", and so requires itself: "a" → "b" → "c" → "a".',
      'modules/b/module.yaml:4: "b" requires "c", and so requires itself: "b" → "c" → "a" → "b".',
      'modules/c/module.yaml:4: "c" requires "a", and so requires itself: "c" → "a" → "b" → "c".',
      'modules/d/module.yaml:4: "d" requires "a", which cannot be loaded: see modules/a/module.yaml:4.',
    ])
  })

  test('when what it requires is one, however far away', async () => {
    const { ordered, faults } = await order({
      a: { requires: { b: '1' } },
      b: { requires: { c: '1' } },
      c: { requires: { d: '2' } },
      d: {},
    })
    expect(ordered).toEqual(['d'])
    expect(faults).toEqual([
      'modules/a/module.yaml:4: "a" requires "b", which cannot be loaded: see modules/b/module.yaml:4.',
      'modules/b/module.yaml:4: "b" requires "c", which cannot be loaded: see modules/c/module.yaml:4.',
      'modules/c/module.yaml:4: "c" requires "d" in a version of 2; there is 1.0.0.',
    ])
  })

  test('when what it requires is known not to be loaded', async () => {
    const fault = { path: 'modules/users/module.yaml:2', message: '"version" is "x".' }
    const faulty = {
      folder: 'modules/users',
      name: 'users',
      error: new ModuleManifestError([fault], 'users'),
    }
    const { faults } = await orderModules(modulesOf({ shop: { requires: { users: '1' } } }), [faulty])
    expect(faults).toMatchObject([
      { folder: 'modules/shop', name: 'shop', error: expect.any(ModuleRequirementError) },
    ])
    expect(faults[0]?.error.message).toBe(
      'modules/shop/module.yaml:4: "shop" requires "users", which cannot be loaded: see modules/users/module.yaml:2.',
    )
  })
})

describe('those who require a module', () => {
  const modules = modulesOf({
    users: {},
    shop: { requires: { users: '1' } },
    wiki: { requires: { users: '1', shop: '1' } },
    bonus: { requires: { shop: '1' } },
    other: {},
  })

  test('are given in the order in which they are unloaded before it', () => {
    expect(requirersOf('users', modules).map(({ manifest }) => manifest.name)).toEqual([
      'wiki',
      'bonus',
      'shop',
    ])
    expect(requirersOf('shop', modules).map(({ manifest }) => manifest.name)).toEqual(['wiki', 'bonus'])
  })

  test('are none for one that nobody requires, and for one that is not there', () => {
    expect(requirersOf('wiki', modules)).toEqual([])
    expect(requirersOf('gone', modules)).toEqual([])
  })
})

describe('for any graph of requirements', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const sketch = fc.record({
    version: fc.constantFrom('1.0.0', '2.0.0'),
    requires: fc.dictionary(fc.constantFrom(...names, 'gone'), fc.constantFrom('*', '^1', '^1', '^2'), {
      maxKeys: 3,
    }),
  })
  // Requirements of earlier names only, for graphs without circles that are deeper.
  const graph = fc
    .tuple(fc.dictionary(fc.constantFrom(...names), sketch), fc.boolean())
    .map(([sketches, isAcyclic]) =>
      Object.fromEntries(
        Object.entries(sketches).map(([name, { version, requires }]) => {
          const kept = Object.entries(requires).filter(
            ([other]) => other !== name && (!isAcyclic || other < name),
          )
          return [name, { version, requires: Object.fromEntries(kept) }]
        }),
      ),
    )

  /** What can be loaded, said the other way round: whatever is reached by loading what has all it needs. */
  function oracle(sketches: Readonly<Record<string, Required<Sketch>>>): string[] {
    const loaded: string[] = []
    const fits = (name: string, range: string) =>
      range === '*' || sketches[name]?.version.startsWith(range.slice(1))
    const canLoad = ([name, { requires }]: [string, Required<Sketch>]) =>
      !loaded.includes(name) &&
      Object.entries(requires).every(([other, range]) => loaded.includes(other) && fits(other, range))
    for (;;) {
      const [next] = Object.entries(sketches)
        .filter(canLoad)
        .map(([name]) => name)
        .sort()
      if (next === undefined) return loaded
      loaded.push(next)
    }
  }

  test(`the order is that of loading whatever can be, the first by name first (LIMBER_TEST_SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(graph, async (sketches) => {
        const { ordered, faults } = await orderModules(modulesOf(sketches))
        const loaded = oracle(sketches)
        expect(ordered.map(({ manifest }) => manifest.name)).toEqual(loaded)
        expect(faults.map(({ name }) => name)).toEqual(
          Object.keys(sketches)
            .filter((name) => !loaded.includes(name))
            .sort(),
        )
        for (const { name, error } of faults) {
          const { requires = {} } = sketches[name ?? ''] ?? {}
          const fits = (other: string) =>
            loaded.includes(other) &&
            (requires[other] === '*' || sketches[other]?.version[0] === requires[other]?.[1])
          const lines = Object.keys(requires).flatMap((other, index) => (fits(other) ? [] : [4 + index]))
          expect(error.faults.map(({ path: place }) => Number(place.split(':')[1]))).toEqual(lines)
        }
      }),
      { seed, numRuns: RUNS },
    )
  })

  test(`who requires a module is unloaded before it, and before what it requires (LIMBER_TEST_SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.constantFrom(...names), async (sketches, name) => {
        const { ordered } = await orderModules(modulesOf(sketches))
        const requirers = requirersOf(name, ordered).map(({ manifest }) => manifest.name)
        const direct = (of: string) => Object.keys(sketches[of]?.requires ?? {})
        for (const { manifest } of ordered) {
          const isOne = direct(manifest.name).some((other) => other === name || requirers.includes(other))
          expect(requirers.includes(manifest.name)).toBe(isOne)
        }
        requirers.forEach((each, index) => {
          expect(requirers.slice(0, index).some((before) => direct(each).includes(before))).toBe(false)
        })
      }),
      { seed, numRuns: RUNS },
    )
  })
})
