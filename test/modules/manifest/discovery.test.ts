import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import type { ModuleEntry } from 'limber'
import { ModuleFolderError, ModuleManifestError, ModuleNameTakenError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { discoverModules } from '../internals.ts'
import { folderWith } from '../module-folders.ts'

const manifest = (name: string) => `# a module\nname: ${name}\nversion: 1.0.0\n`

async function discover(root: string, ...entries: ModuleEntry[]) {
  const { found, faults } = await discoverModules(root, entries)
  return {
    found: found.map(({ folder }) => path.relative(root, folder).split(path.sep).join('/')),
    faults: faults.map(({ folder, name, error }) => ({ folder, name, error })),
    granted: found.map(({ granted }) => granted),
  }
}

describe('modules are found', () => {
  test('by a pattern, in the order of their folders', async () => {
    const root = folderWith({
      'modules/shop/module.yaml': manifest('shop'),
      'modules/users/module.yaml': manifest('users'),
      'modules/a-b/module.yaml': manifest('a-b'),
      'modules/a/module.yaml': manifest('a'),
    })
    expect(await discover(root, 'modules/*')).toEqual({
      found: ['modules/a', 'modules/a-b', 'modules/shop', 'modules/users'],
      faults: [],
      granted: [undefined, undefined, undefined, undefined],
    })
  })

  test('by patterns with text around the star and with several stars', async () => {
    const root = folderWith({
      'packages/one/modules/shop/module.yaml': manifest('shop'),
      'packages/two/modules/shop-a.b/module.yaml': manifest('shop'),
      'packages/two/modules/users/module.yaml': manifest('users'),
      'packages/two/README.md': '',
    })
    expect((await discover(root, 'packages/*/modules/*s')).found).toEqual(['packages/two/modules/users'])
    expect((await discover(root, 'packages/*/modules/sh*p')).found).toEqual(['packages/one/modules/shop'])
    expect((await discover(root, 'packages/*/modules/shop-axb*')).found).toEqual([])
  })

  test('by name, also outside of the root, and by an absolute pattern', async () => {
    const home = folderWith({
      'app/modules/shop/module.yaml': manifest('shop'),
      'shared/users/module.yaml': manifest('users'),
    })
    const root = path.join(home, 'app')
    expect((await discover(root, 'modules/shop', '../shared/users')).found).toEqual([
      '../shared/users',
      'modules/shop',
    ])
    expect((await discover(root, `${home.split(path.sep).join('/')}/shared/*`)).found).toEqual([
      '../shared/users',
    ])
    expect((await discover(root, path.join(home, 'shared/users'))).found).toEqual(['../shared/users'])
  })

  test('behind links', async () => {
    const root = folderWith({ 'work/module.yaml': manifest('shop') })
    mkdirSync(path.join(root, 'modules'))
    symlinkSync('../work', path.join(root, 'modules/shop'))
    expect((await discover(root, 'modules/*')).found).toEqual(['modules/shop'])
  })

  test('once, when they are named twice; what is granted counts', async () => {
    const root = folderWith({ 'modules/shop/module.yaml': manifest('shop') })
    const granted = { folder: './modules/shop/', permissions: ['use_db'] }
    const expected = { found: ['modules/shop'], faults: [], granted: [['use_db']] }
    expect(await discover(root, 'modules/*', granted)).toEqual(expected)
    expect(await discover(root, granted, 'modules/*')).toEqual(expected)
    const more = { folder: 'modules/shop', permissions: ['use_http', 'use_db'] }
    expect((await discover(root, granted, more)).granted).toEqual([['use_db', 'use_http']])
  })

  test('not in hidden folders, in node_modules, in files and in folders without anything of a module', async () => {
    const root = folderWith({
      'modules/.git/module.yaml': manifest('git'),
      'modules/node_modules/routes/index.js': '',
      'modules/node_modules/commands/index.js': '',
      'modules/README.md': '# Modules',
      'modules/notes/ideas.txt': '',
    })
    expect(await discover(root, 'modules/*')).toEqual({ found: [], faults: [], granted: [] })
  })

  test('nowhere, in an application without the folder', async () => {
    const root = folderWith({ 'package.json': '{}', modules: 'a file' })
    expect((await discover(root, 'extensions/*', 'modules/*')).faults).toEqual([])
    expect(await discoverModules(root, [])).toEqual({ found: [], faults: [] })
  })
})

describe('a fault', () => {
  test('of one manifest keeps no other module from being found', async () => {
    const root = folderWith({
      'modules/shop/module.yaml': manifest('shop'),
      'modules/users/module.yaml': 'name: users\nversion: one\n',
      'modules/wiki/module.yaml': 'name: [',
    })
    const { found, faults } = await discover(root, 'modules/*')
    expect(found).toEqual(['modules/shop'])
    expect(faults).toEqual([
      { folder: 'modules/users', name: 'users', error: expect.any(ModuleManifestError) },
      { folder: 'modules/wiki', name: 'wiki', error: expect.any(ModuleManifestError) },
    ])
    expect(faults[0]?.error.message).toContain('modules/users/module.yaml:2: "version" is "one"')
  })

  test('is a folder that is named and has no manifest', async () => {
    const root = folderWith({ 'package.json': '{}' })
    const { faults } = await discover(root, 'modules/shop', { folder: 'modules/users', permissions: [] })
    expect(faults.map(({ error }) => error.message)).toEqual([
      'modules/shop/module.yaml: the file is not there.',
      'modules/users/module.yaml: the file is not there.',
    ])
  })

  test('is a folder with a part of a module and no manifest: no module vanishes silently', async () => {
    const root = folderWith({
      'modules/a/module.yml': manifest('a'),
      'modules/b/provider.ts': '',
      'modules/c/strings/en.yaml': '',
    })
    const { faults } = await discover(root, 'modules/*')
    expect(faults.map(({ name, error }) => [name, error.message, error.hint])).toEqual([
      [
        'a',
        '"modules/a" cannot be taken as a module: it has "module.yml" and no "module.yaml".',
        'Name the file module.yaml.',
      ],
      [
        'b',
        '"modules/b" cannot be taken as a module: it has "provider.ts" and no "module.yaml".',
        'Write its module.yaml.',
      ],
      [
        'c',
        '"modules/c" cannot be taken as a module: it has "strings" and no "module.yaml".',
        'Write its module.yaml.',
      ],
    ])
    expect(faults[0]?.error).toBeInstanceOf(ModuleFolderError)
  })

  test('is a link that leads nowhere', async () => {
    const root = folderWith({ 'modules/README.md': '' })
    symlinkSync('../gone', path.join(root, 'modules/shop'))
    const { faults } = await discover(root, 'modules/*')
    expect(faults.map(({ folder, error }) => [folder, error.message])).toEqual([
      ['modules/shop', '"modules/shop" cannot be taken as a module: the link leads nowhere.'],
    ])
  })

  test.each([
    ['modules/**', undefined, '"**" is not read.'],
    ['modules/*', ['use_db'], 'a pattern is granted nothing.'],
  ])('is the entry %s with %o', async (folder, permissions, reason) => {
    const root = folderWith({ 'modules/shop/module.yaml': manifest('shop') })
    const { found, faults } = await discover(root, permissions ? { folder, permissions } : folder)
    expect(found).toEqual([])
    expect(faults.map(({ error }) => error.message)).toEqual([
      `"${folder}" cannot be taken as a module: ${reason}`,
    ])
  })

  test('is every one of two modules of one name: neither wins by chance', async () => {
    const root = folderWith({
      'modules/shop/module.yaml': manifest('shop'),
      'modules/users/module.yaml': manifest('users'),
      'extra/shop/module.yaml': 'version: 1.0.0\nname: shop\n',
    })
    const { found, faults } = await discover(root, 'modules/*', { folder: 'extra/shop', permissions: [] })
    expect(found).toEqual(['modules/users'])
    expect(faults.map(({ folder, name }) => [folder, name])).toEqual([
      ['extra/shop', 'shop'],
      ['modules/shop', 'shop'],
    ])
    for (const { error } of faults) {
      expect(error).toBeInstanceOf(ModuleNameTakenError)
      expect(error.message).toContain('"shop": extra/shop/module.yaml:2, modules/shop/module.yaml:2.')
    }
  })

  test('of a manifest takes its name away from others too', async () => {
    const root = folderWith({
      'modules/shop/module.yaml': manifest('shop'),
      'extra/shop/module.yaml': 'name: shop\nversion: one\n',
    })
    const { found, faults } = await discover(root, 'modules/*', 'extra/*')
    expect(found).toEqual([])
    expect(faults.map(({ error }) => error.code)).toEqual([
      'LIMBER_MODULE_MANIFEST',
      'LIMBER_MODULE_NAME_TAKEN',
    ])
  })
})
