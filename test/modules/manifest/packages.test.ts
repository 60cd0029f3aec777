import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { ModulePackageError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { checkPackages, readManifest } from '../internals.ts'
import { folderWith } from '../module-folders.ts'

const installed = (name: string, version?: string) =>
  JSON.stringify({ name, version, exports: { '.': './index.js' } })

async function check(files: Record<string, string>, packages: string, folder = 'modules/shop', app = '.') {
  const root = folderWith({
    ...files,
    [`${folder}/module.yaml`]: `name: shop\nversion: 1.0.0\npackages:\n${packages}`,
  })
  const module = await readManifest(path.join(root, folder), path.join(root, app))
  return checkPackages([module], path.join(root, app))
}

describe('packages that a module needs', () => {
  test('are found in the module, in the application and in a workspace above, as Node finds them', async () => {
    const files = {
      'app/modules/shop/node_modules/own/package.json': installed('own', '1.0.0'),
      'app/node_modules/own/package.json': installed('own', '2.0.0'),
      'app/node_modules/@scope/name/package.json': installed('@scope/name', '3.1.0'),
      'node_modules/above/package.json': installed('above', '4.0.0'),
    }
    const packages = '  own: ^1\n  "@scope/name": ^3.1\n  above: "4"\n'
    expect(await check(files, packages, 'app/modules/shop', 'app')).toEqual([])
  })

  test('are found in the application for a module that is somewhere else', async () => {
    const files = { 'app/node_modules/zod/package.json': installed('zod', '4.6.7') }
    expect(await check(files, '  zod: ^4\n', 'shared/shop', 'app')).toEqual([])
  })

  test('may be the application itself', async () => {
    expect(await check({ 'package.json': installed('limber', '0.1.0') }, '  limber: ^0.1\n')).toEqual([])
  })

  test('are looked for from where a linked folder really is', async () => {
    const root = folderWith({
      'work/shop/module.yaml': 'name: shop\nversion: 1.0.0\npackages: { own: "1" }\n',
      'work/node_modules/own/package.json': installed('own', '1.0.0'),
      'app/modules/README.md': '',
    })
    symlinkSync('../../work/shop', path.join(root, 'app/modules/shop'))
    const app = path.join(root, 'app')
    expect(await checkPackages([await readManifest(path.join(app, 'modules/shop'), app)], app)).toEqual([])
  })

  test('that are missing or of another version are told at once, with what to run', async () => {
    const files = {
      'node_modules/zod/package.json': installed('zod', '3.9.0'),
      'node_modules/odd/package.json': installed('odd'),
      'node_modules/next/package.json': installed('next', '2.0.0-beta.1'),
      'node_modules/broken/package.json': '{',
    }
    const packages = '  zod: ^4\n  gone: ">=1 <2"\n  odd: "1"\n  next: ^2\n  broken: "1"\n'
    const [fault, ...others] = await check(files, packages)
    expect(others).toEqual([])
    expect(fault).toMatchObject({
      folder: 'modules/shop',
      name: 'shop',
      error: expect.any(ModulePackageError),
    })
    expect(fault?.error.hint).toBe('Run: npm install zod@^4 "gone@>=1 <2" odd@1 next@^2 broken@1')
    expect(fault?.error.faults.map(({ path: place, message }) => `${place}: ${message}`)).toEqual([
      'modules/shop/module.yaml:4: "shop" needs the package "zod" in a version of ^4; 3.9.0 is installed.',
      'modules/shop/module.yaml:5: "shop" needs the package "gone" in a version of >=1 <2; it is not installed.',
      'modules/shop/module.yaml:6: "shop" needs the package "odd" in a version of 1; the installed one says no version.',
      'modules/shop/module.yaml:7: "shop" needs the package "next" in a version of ^2; 2.0.0-beta.1 is installed.',
      expect.stringMatching(/^modules\/shop\/module\.yaml:8: .*; its package\.json cannot be read: /),
    ])
  })
})
