import { writeFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { ModuleManifestError } from 'limber/modules'
import { expect, test } from 'vitest'
import { readManifest } from '../internals.ts'
import { folderWith } from '../module-folders.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 5_000 : isContinuous ? 500 : 200
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

const pieces = [
  ...[
    'name: shop\n',
    'version: 1.0.0\n',
    'permissions:',
    'requires:',
    'packages:',
    'config:',
    'language: de\n',
  ],
  ...[
    'autoLoad: true\n',
    '  users: ^1\n',
    'use_db',
    '- ',
    '? ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '\n',
    '  ',
    '\t',
  ],
  ...[
    '&a ',
    '*a ',
    '!!set ',
    '!<x> ',
    '<<: ',
    '"',
    "'",
    '|\n',
    '>-\n',
    '# ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '~',
  ],
  ...[
    '\r\n',
    '\r',
    '\uFEFF',
    '\0',
    '\u2028',
    '\uD800',
    '__proto__: ',
    'constructor: ',
    '.nan',
    '0x1F',
    '1e999',
  ],
]
const likeYaml = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''))
const repeated = fc
  .tuple(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }), fc.nat(2_000))
  .map(([parts, times]) => parts.join('').repeat(times))
const bytes = fc.uint8Array({ maxLength: 300 })
const content = fc.oneof(likeYaml, likeYaml, repeated, bytes, fc.string({ unit: 'binary' }))

test(`whatever a manifest holds, it is read or refused with its faults (LIMBER_TEST_SEED=${seed})`, {
  timeout: 1_200_000,
}, async () => {
  const root = folderWith({ 'modules/shop/module.yaml': '' })
  const folder = path.join(root, 'modules/shop')
  await fc.assert(
    fc.asyncProperty(content, async (text) => {
      writeFileSync(path.join(folder, 'module.yaml'), text)
      const error = await readManifest(folder, root).then(
        ({ manifest }) => {
          expect([manifest.name, manifest.version]).toEqual(['shop', '1.0.0'])
        },
        (thrown: unknown) => thrown,
      )
      if (error === undefined) return
      if (!(error instanceof ModuleManifestError)) throw error
      const { faults } = error
      expect(faults.length).toBeGreaterThan(0)
      for (const fault of faults) expect(fault.path).toMatch(/^modules\/shop\/module\.yaml(:\d+)?$/)
    }),
    { seed, numRuns: RUNS },
  )
})
