import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LimberError, printError } from 'limber'
import { ModuleManifestError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { readManifest } from '../internals.ts'
import { folderWith, rejectionOf } from '../module-folders.ts'

const head = 'name: shop\nversion: 1.0.0\n'

function read(content: string | Uint8Array, folder = 'modules/shop') {
  const root = folderWith({ [`${folder}/module.yaml`]: content })
  return readManifest(path.join(root, folder), root)
}

/** `4: message` for each fault of a manifest in modules/shop. */
async function faultsOf(content: string | Uint8Array, folder?: string): Promise<string[]> {
  const error = await rejectionOf(read(content, folder))
  if (!(error instanceof ModuleManifestError)) throw new Error(`It was not refused: ${String(error)}`)
  return error.faults.map(
    (fault) => `${fault.path.replace(/^modules\/shop\/module\.yaml:?/, '')}: ${fault.message}`,
  )
}

describe('a manifest', () => {
  test('says everything it can say', async () => {
    const { manifest, granted, folder } = await read(`\uFEFF# points
name: shop
version: 1.3.0-beta.1
description: Points for users.
author: Ada Lovelace
permissions: [use_db, use_http]
autoLoad: false
requires:
  users: ^2.0.0
packages: { zod: 4, "@scope/a.b": ">=1 <2 || ^3" }
language: de-at
config:
  start: 10
  nested: { list: [1, "two", null, true, 1.5] }
`)
    expect(manifest).toEqual({
      name: 'shop',
      version: '1.3.0-beta.1',
      description: 'Points for users.',
      author: 'Ada Lovelace',
      permissions: ['use_db', 'use_http'],
      autoLoad: false,
      requires: { users: '^2.0.0' },
      packages: { zod: '4', '@scope/a.b': '>=1 <2 || ^3' },
      language: 'de-AT',
      config: { start: 10, nested: { list: [1, 'two', null, true, 1.5] } },
    })
    expect(granted).toBeUndefined()
    expect(path.basename(folder)).toBe('shop')
  })

  test('needs no more than a name and a version; what has no value counts as left out', async () => {
    const { manifest } = await read(`${head}author:\nrequires:\n`)
    expect(manifest).toEqual({
      name: 'shop',
      version: '1.0.0',
      description: '',
      author: '',
      permissions: [],
      autoLoad: true,
      requires: {},
      packages: {},
      language: 'en',
      config: {},
    })
  })

  test('is frozen at every depth', async () => {
    const { manifest } = await read(`${head}config: { a: { b: [{ c: 1 }] } }\nrequires: { users: "1" }\n`)
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen))
    expect(isFrozen(manifest)).toBe(true)
  })

  test('takes a number as it is written where a text is meant', async () => {
    const { manifest } = await read(`${head}author: 007\npackages: { zod: 4.10 }\n`)
    expect([manifest.author, manifest.packages.zod]).toEqual(['007', '4.10'])
  })

  test('knows the place of each property and entry, and of the nearest thing for others', async () => {
    const { placeOf } = await read(`${head}permissions:\n  - use_db\n  - use_http\nrequires:\n  users: "1"\n`)
    expect(placeOf('version')).toBe('modules/shop/module.yaml:2')
    expect(placeOf('permissions')).toBe('modules/shop/module.yaml:3')
    expect(placeOf('permissions', 'use_http')).toBe('modules/shop/module.yaml:5')
    expect(placeOf('requires', 'users')).toBe('modules/shop/module.yaml:7')
    expect(placeOf('requires', 'others')).toBe('modules/shop/module.yaml:6')
    expect(placeOf('config', 'start')).toBe('modules/shop/module.yaml:1')
  })

  test('keeps what the configuration has granted', async () => {
    const root = folderWith({ 'shop/module.yaml': head })
    const { granted } = await readManifest(path.join(root, 'shop'), root, ['use_db'])
    expect(granted).toEqual(['use_db'])
  })

  test('of a copy is held against the name it is given', async () => {
    const root = folderWith({ 'shop-1.3.0/module.yaml': head })
    const { manifest } = await readManifest(path.join(root, 'shop-1.3.0'), root, undefined, 'shop')
    expect(manifest.name).toBe('shop')
    const error = await rejectionOf(readManifest(path.join(root, 'shop-1.3.0'), root, undefined, 'store'))
    expect(error).toMatchObject({ code: 'LIMBER_MODULE_MANIFEST' })
  })
})

const bad: readonly [title: string, content: string | Uint8Array, ...faults: RegExp[]][] = [
  ['empty', '', /^1: it is empty; it has to be properties with values/],
  ['only comments', '# nothing\n\n', /^1: it is empty/],
  ['a list', '- name: shop\n', /^1: it is a list; it has to be properties/],
  ['a text', 'shop', /^1: it is "shop"; it has to be properties/],
  ['without a name', 'version: 1.0.0\n', /^1: "name" is missing, such as name: shop\.$/],
  ['without a version', 'name: shop\nversion:\n', /^2: "version" is missing, such as version: 1\.0\.0\.$/],
  [
    'a name with a path',
    'name: ../shop\nversion: 1.0.0',
    /^1: "name" is "\.\.\/shop"; it has to be lower case words/,
  ],
  ['a name with a backslash', 'name: a\\b\nversion: 1.0.0', /^1: "name" is "a\\\\b"; it has to be lower/],
  ['a name with capitals', 'name: Shop\nversion: 1.0.0', /^1: "name" is "Shop"; it has to be lower case/],
  ['a name of two dots', 'name: ..\nversion: 1.0.0', /^1: "name" is "\.\."; it has to be lower case/],
  [
    'a name with a line break',
    'name: "shop\\n"\nversion: 1.0.0',
    /^1: "name" is "shop\\n"; it has to be lower/,
  ],
  [
    'a name with an escaped NUL',
    'name: "sh\\0op"\nversion: 1.0.0',
    /^1: "name" is "sh\\u0000op"; it has to be/,
  ],
  ['a long name', `name: ${'a'.repeat(41)}\nversion: 1.0.0`, /^1: "name" is "a+"; it has 41 characters; 40/],
  ['a reserved name', 'name: public\nversion: 1.0.0', /^1: "name" is "public"; this name is reserved/],
  [
    'a name of PostgreSQL',
    'name: pg-catalog\nversion: 1.0.0',
    /^1: "name" is "pg-catalog"; this name is reserved/,
  ],
  ['a name that is a list', 'name: [shop]\nversion: 1.0.0', /^1: "name" is a list; it has to be a text/],
  [
    'another name than its folder',
    'name: store\nversion: 1.0.0',
    /^1: "name" is "store", and its folder is named "shop"/,
  ],
  [
    'half a version',
    'name: shop\nversion: 1.3\n',
    /^2: "version" is "1\.3"; it has to be a semantic version/,
  ],
  [
    'a version with a v',
    'name: shop\nversion: v1.3.0\n',
    /^2: "version" is "v1\.3\.0"; it has to be a semantic/,
  ],
  [
    'a version with zeros',
    'name: shop\nversion: 01.3.0\n',
    /^2: "version" is "01\.3\.0"; it has to be a semantic/,
  ],
  ['a version with blanks', 'name: shop\nversion: " 1.3.0"\n', /^2: "version" is " 1\.3\.0"; it has to be a/],
  [
    'a huge version',
    `name: shop\nversion: ${'9'.repeat(300)}.0.0\n`,
    /^2: "version" is "9+\.\.\."; it has to be/,
  ],
  [
    'an unknown property',
    `${head}permision: [use_db]\n`,
    /^3: "permision" is no property .* Did you mean "permissions"\?$/,
  ],
  [
    'a property of its own',
    `${head}startPoints: 10\n`,
    /^3: "startPoints" is no property .* belongs under "config"\.$/,
  ],
  ['a property named constructor', `${head}constructor: 1\n`, /^3: "constructor" is no property/],
  [
    'an unknown permission',
    `${head}permissions:\n  - use_bd\n`,
    /^4: the permission "use_bd" is unknown\. Did you mean "use_db"\?$/,
  ],
  [
    'a permission far from any',
    `${head}permissions: [everything]\n`,
    /^3: the permission "everything" is unknown\. There are use_db, /,
  ],
  [
    'a permission named constructor',
    `${head}permissions: [constructor]\n`,
    /^3: the permission "constructor" is unknown/,
  ],
  ['a permission that is a list', `${head}permissions: [[use_db]]\n`, /^3: the permission a list is unknown/],
  [
    'a permission twice',
    `${head}permissions:\n- use_db\n- use_db\n`,
    /^5: the permission "use_db" was given before\.$/,
  ],
  [
    'use_db and require_db',
    `${head}permissions:\n- use_db\n- require_db\n`,
    /^5: "use_db" and "require_db" exclude/,
  ],
  [
    'permissions as a text',
    `${head}permissions: use_db\n`,
    /^3: "permissions" is "use_db"; it has to be a list/,
  ],
  [
    'a flag that is a text',
    `${head}autoLoad: yes\n`,
    /^3: "autoLoad" is "yes"; it has to be true or false\.$/,
  ],
  [
    'a description that is a map',
    `${head}description: { a: 1 }\n`,
    /^3: "description" is a map; it has to be a text\.$/,
  ],
  [
    'an escape of terminals',
    `${head}author: "\\e[31mAda"\n`,
    /^3: "author" is "\\u001b\[31mAda"; it has to be a text without/,
  ],
  [
    'a requirement of itself',
    `${head}requires:\n  shop: "1"\n`,
    /^4: "requires" names "shop": a module cannot require itself/,
  ],
  [
    'a requirement with a path',
    `${head}requires:\n  ../users: "1"\n`,
    /^4: "requires" names "\.\.\/users": it has to be lower/,
  ],
  [
    'a wrong range',
    `${head}requires:\n  users: newest\n`,
    /^4: "requires\.users" is "newest"; it has to be a range/,
  ],
  [
    'a range of nothing',
    `${head}requires:\n  users:\n`,
    /^4: "requires\.users" is nothing; it has to be a range/,
  ],
  ['an empty range', `${head}requires:\n  users: ""\n`, /^4: "requires\.users" is ""; it has to be a range/],
  [
    'requirements as a list',
    `${head}requires: [users]\n`,
    /^3: "requires" is a list; it has to be names with ranges/,
  ],
  [
    'a package with a path',
    `${head}packages:\n  ../../zod: "4"\n`,
    /^4: "packages" names "\.\.\/\.\.\/zod": that is no name/,
  ],
  [
    'a wrong range of a package',
    `${head}packages:\n  zod: latest\n`,
    /^4: "packages\.zod" is "latest"; it has to be a range/,
  ],
  [
    'no language',
    `${head}language: deutsch!\n`,
    /^3: "language" is "deutsch!"; it has to be a language such as/,
  ],
  ['config as a list', `${head}config: [1]\n`, /^3: "config" is a list; it has to be names with values/],
  [
    'infinity in config',
    `${head}config:\n  most: .inf\n`,
    /^4: "\.inf" is no number that can be kept exactly/,
  ],
  [
    'a number too long in config',
    `${head}config:\n  id: 12345678901234567890\n`,
    /^4: "12345678901234567890" is no number/,
  ],
  ['a key twice', `${head}name: shop\n`, /^3: "name" was given before, in line 1\.$/],
  ['a key twice, deep inside', `${head}config:\n  a: 1\n  a: 2\n`, /^5: "a" was given before, in line 4\.$/],
  ['__proto__', `${head}config:\n  __proto__: { isAdmin: true }\n`, /^4: "__proto__" cannot be a key\.$/],
  ['a merge key', `${head}config:\n  <<: { a: 1 }\n`, /^4: the merge key "<<" is not read/],
  ['a key that is a list', `${head}config:\n  ? [a]\n  : 1\n`, /^4: a key has to be a text/],
  ['a key that is missing', `${head}config:\n  : 1\n`, /^4: a key is missing before ":"/],
  ['a tag of code', `${head}config: !!js/function 'x'\n`, /^3: the tag "!!js\/function" is not read/],
  [
    'a tag of YAML',
    `${head}config:\n  a: !!binary aGk=\n  b: !!set { x }\n`,
    /^4: the tag "!!binary"/,
    /^5: the tag "!!set"/,
  ],
  ['a tag of its own', `${head}config:\n  a: !own x\n`, /^4: the tag "!own" is not read/],
  ['a tag on a known type', `${head}author: !!str Ada\n`, /^3: the tag "!!str" is not read/],
  ['a tag on a key', `${head}!!str author: Ada\n`, /^3: the tag "!!str" is not read/],
  ['an anchor', `${head}config: &all { a: 1 }\n`, /^3: the anchor "&all" is not read/],
  [
    'an alias',
    `${head}config:\n  a: &a 1\n  b: *a\n`,
    /^4: the anchor "&a"/,
    /^5: the alias "\*a" is not read/,
  ],
  ['two documents', `${head}---\nname: other\n`, /^3: a second document begins/],
  ['a directive', `%YAML 1.1\n---\n${head}autoLoad: yes\n`, /^1: a %YAML directive is not read/],
  [
    'a tab for indentation',
    `${head}config:\n\ta: 1\n`,
    /^4: it is no YAML: Tabs are not allowed as indentation \(column 1\)\.$/,
  ],
  ['a bracket that stays open', `${head}permissions: [use_db\n`, /^4: it is no YAML: .*\(column 1\)\.$/],
  ['a quote that stays open', `${head}author: "Ada\n`, /^4: it is no YAML: Missing closing "quote/],
  ['a NUL', `${head}author: A\0da\n`, /^3: this line has the control character U\+0000\.$/],
  [
    'another encoding',
    Buffer.from(`${head}author: Zo\xEB\n`, 'latin1'),
    /^3: the bytes of this line are no UTF-8\.$/,
  ],
  ['UTF-16', Buffer.from(`\uFEFF${head}`, 'utf16le'), /^1: the bytes of this line are no UTF-8\.$/],
  ['too large', `${head}# ${'x'.repeat(70_000)}`, /^: it has \d+ bytes; at most 65536 are read\.$/],
]

describe('a manifest is refused, with file and line, that is or has', () => {
  test.each(bad)('%s', async (_title, content, ...expected) => {
    const faults = await faultsOf(content)
    expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  })

  test('many faults: all are told at once, in the order of the lines', async () => {
    const faults = await faultsOf(
      'verion: 1\nname: Shop\npermissions: [a, use_db, use_db]\nlanguage: 5\nversion: x\n',
    )
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['1', '2', '3', '3', '4', '5'])
  })

  test('a fault: the message alone names the file, the line and how many there are', async () => {
    const error = await rejectionOf(read('name: Shop\nversion: 1\n'))
    expect(error).toBeInstanceOf(LimberError)
    expect(String(error)).toContain('modules/shop/module.yaml:1: "name" is "Shop"')
    expect(String(error)).toContain('And 1 more fault.')
    expect(printError(error)).toContain('  at    modules/shop/module.yaml:2: "version" is "1"')
  })
})

describe('a manifest that is made to harm', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `  l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`)
  const laughs = `${head}config:\n  l0: &l0 [lol]\n${levels.join('\n')}\n`
  const N = 60_000

  test('with a billion laughs is refused for its first anchor', async () => {
    expect((await faultsOf(laughs))[0]).toMatch(/^4: the anchor "&l0" is not read/)
  })

  test.each([
    ['lists', '['.repeat(N)],
    ['closed lists', `config: ${'['.repeat(N / 2)}${']'.repeat(N / 2)}`],
    ['maps', '{'.repeat(N)],
    ['maps with keys', '{a: '.repeat(N / 4)],
    ['lists in a line', '- '.repeat(N / 2)],
    ['keys in a line', '? '.repeat(N / 2)],
    ['values in a line', ': '.repeat(N / 2)],
    ['maps in a line', 'a: '.repeat(N / 3)],
    ['keys in a list', `[${'? '.repeat(N / 2)}`],
    ['maps under each other', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['lists under each other', Array.from({ length: 150 }, (_, i) => `${'  '.repeat(i)}- a:`).join('\n')],
  ])('by nesting %s is refused before a parser runs out of stack', async (_title, content) => {
    expect(await faultsOf(content)).toEqual([
      expect.stringMatching(/^\d+: it nests deeper here than the 32 levels/),
    ])
  })

  test.each([
    ['keys', Array.from({ length: 9_000 }, (_, i) => `k${i}:`).join('\n')],
    ['aliases', '*a '.repeat(N / 3)],
    ['anchors', '&a '.repeat(N / 3)],
    ['tags', '!a '.repeat(N / 3)],
    ['documents', '---\n'.repeat(N / 4)],
    ['directives', '%a\n'.repeat(N / 3)],
    ['quotes', '"'.repeat(N)],
    ['commas', `[${','.repeat(N)}`],
    ['digits', `a: ${'9'.repeat(N)}`],
  ])('with thousands of %s is refused with a few faults', async (_title, content) => {
    const faults = await faultsOf(content)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(20)
    expect(faults.every((fault) => fault.length < 300)).toBe(true)
  })

  test('may be long and wide all the same', async () => {
    const block = (i: number) => `  - name: a${i}\n    tags:\n    - b: [c, { d: e }]\n      f: "g: - ? ["\n`
    const blocks = Array.from({ length: 500 }, (_, i) => block(i)).join('')
    const { manifest } = await read(`${head}config:\n  list:\n${blocks}  text: |\n    - - - - [[[[\n`)
    expect(manifest.config.list).toHaveLength(500)
    expect(manifest.config.text).toBe('- - - - [[[[\n')
  })

  test('may nest as deep as 32 levels', async () => {
    const { manifest } = await read(`${head}config: { a: ${'['.repeat(30)}${']'.repeat(30)} }\n`)
    expect(manifest.config).toHaveProperty('a')
  })

  test('by a link out of its folder is not read', async () => {
    const root = folderWith({ 'secret.yaml': head, 'modules/shop/provider.ts': '' })
    symlinkSync('../../secret.yaml', path.join(root, 'modules/shop/module.yaml'))
    const error = await rejectionOf(readManifest(path.join(root, 'modules/shop'), root))
    expect(error).toBeInstanceOf(ModuleManifestError)
    expect(String(error)).toContain('modules/shop/module.yaml: it leads out of the folder of the module.')
  })
})

describe('a file that cannot be read', () => {
  test('because it is not there, is named', async () => {
    const root = folderWith({ 'modules/shop/provider.ts': '' })
    const error = await rejectionOf(readManifest(path.join(root, 'modules/shop'), root))
    expect(String(error)).toContain('modules/shop/module.yaml: the file is not there.')
  })

  test('because it is a folder, is named', async () => {
    const root = folderWith({ 'modules/shop/module.yaml/x': '' })
    const error = await rejectionOf(readManifest(path.join(root, 'modules/shop'), root))
    expect(String(error)).toContain('modules/shop/module.yaml: it is no file.')
  })

  test('because it links to itself, is named with the reason', async () => {
    const root = folderWith({ 'modules/shop/provider.ts': '' })
    symlinkSync('module.yaml', path.join(root, 'modules/shop/module.yaml'))
    const error = await rejectionOf(readManifest(path.join(root, 'modules/shop'), root))
    expect(String(error)).toContain('modules/shop/module.yaml: the file cannot be read: ELOOP.')
  })

  test('is none when a link stays in the folder, or the folder is a link itself', async () => {
    const root = folderWith({ 'elsewhere/work/manifests/a.yaml': head })
    symlinkSync('manifests/a.yaml', path.join(root, 'elsewhere/work/module.yaml'))
    mkdirSync(path.join(root, 'modules'))
    symlinkSync('../elsewhere/work', path.join(root, 'modules/shop'))
    const { manifest } = await readManifest(path.join(root, 'modules/shop'), root)
    expect(manifest.name).toBe('shop')
    writeFileSync(path.join(root, 'elsewhere/work/manifests/a.yaml'), 'name: work\nversion: 1.0.0\n')
    expect(await rejectionOf(readManifest(path.join(root, 'modules/shop'), root))).toMatchObject({
      module: 'work',
    })
  })
})
