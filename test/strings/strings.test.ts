import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { StringsError, TextValueError } from 'limber/modules'
import { describe, expect, test } from 'vitest'
import { loadStrings } from '../modules/internals.ts'
import { folderWith, rejectionOf } from '../modules/module-folders.ts'

const FOLDER = 'modules/shop'

function load(files: Readonly<Record<string, string | Uint8Array>>, language = 'en') {
  const entries = Object.entries(files).map(([name, text]) => [`${FOLDER}/strings/${name}`, text] as const)
  const root = folderWith({ [`${FOLDER}/module.yaml`]: '', ...Object.fromEntries(entries) })
  return loadStrings(path.join(root, FOLDER), language, root)
}

/** `en.yaml:4: message` for each fault of the files. */
async function faultsOf(files: Readonly<Record<string, string | Uint8Array>>, language?: string) {
  const error = await rejectionOf(load(files, language))
  if (!(error instanceof StringsError)) throw new Error(`They were not refused: ${String(error)}`)
  return error.faults.map((fault) => `${fault.path.replace('modules/shop/strings/', '')}: ${fault.message}`)
}

describe('texts', () => {
  test('are found by keys with dots, in the language of the manifest', async () => {
    const strings = await load({
      'en.yaml': 'hello: Hello!\nerrors:\n  full: The shop is full.\n  deep: { er: Deep. }\na.b: c\n',
    })
    expect(strings.text('hello')).toBe('Hello!')
    expect(strings.text('errors.full')).toBe('The shop is full.')
    expect(strings.text('errors.deep.er')).toBe('Deep.')
    expect(strings.text('a.b')).toBe('c')
    expect(strings.languages).toEqual(['en'])
  })

  test('are taken from a broader language, then from that of the manifest, then are the key', async () => {
    const strings = await load({
      'en.yaml': 'a: a en\nb: b en\nc: c en\n',
      'de.yaml': 'a: a de\nb: b de\nd: d de\n',
      'de-AT.yaml': 'a: a de-AT\n',
    })
    const texts = (key: string) =>
      ['de-AT', 'de-AT-x-wien', 'de-CH', 'de', 'fr', undefined].map((language) =>
        strings.text(key, {}, language),
      )
    expect(texts('a')).toEqual(['a de-AT', 'a de-AT', 'a de', 'a de', 'a en', 'a en'])
    expect(texts('b')).toEqual(['b de', 'b de', 'b de', 'b de', 'b en', 'b en'])
    expect(texts('c')).toEqual(['c en', 'c en', 'c en', 'c en', 'c en', 'c en'])
    expect(texts('d')).toEqual(['d de', 'd de', 'd de', 'd de', 'd', 'd'])
    expect(texts('errors')).toEqual(Array(6).fill('errors'))
  })

  test('are found whatever the case of a language, and for what is none that of the manifest is taken', async () => {
    const strings = await load({ 'en.yaml': 'a: en\n', 'de-at.yaml': 'a: de-AT\n' })
    expect(strings.languages).toEqual(['de-AT', 'en'])
    const asked = ['DE-at', '', '*', 'de_AT', '../de', 'constructor', 'x'.repeat(1_000_000)]
    expect(asked.map((language) => strings.text('a', {}, language))).toEqual([
      'de-AT',
      'en',
      'en',
      'en',
      'en',
      'en',
      'en',
    ])
  })

  test('have values, numbers, dates, plurals and choices filled in, each in the language of the text', async () => {
    const strings = await load({
      'en.yaml': `name: "Hi {name}!"
points: "{n, plural, =0 {none} one {# point} other {# points}}"
on: "{isOn, select, true {on} other {off}} {isOn}"
day: "{day, date, ::yyyyMMdd} {day}"
quoted: "It's '{'name'}' <b>{name}</b>"
nth: "{n, selectordinal, one {#st} other {#th}}"
`,
      'de.yaml': 'points: "{n, plural, one {# Punkt} other {# Punkte}}"\n',
    })
    expect(strings.text('name', { name: 'Ada' })).toBe('Hi Ada!')
    expect(strings.text('points', { n: 0 })).toBe('none')
    expect(strings.text('points', { n: 1 })).toBe('1 point')
    expect(strings.text('points', { n: 1234.5 })).toBe('1,234.5 points')
    expect(strings.text('points', { n: 1234.5 }, 'de')).toBe('1.234,5 Punkte')
    expect([true, false].map((isOn) => strings.text('on', { isOn }))).toEqual(['on true', 'off false'])
    expect(strings.text('day', { day: new Date('2026-01-02T12:00:00Z') })).toBe(
      '01/02/2026 2026-01-02T12:00:00.000Z',
    )
    expect(strings.text('quoted', { name: '<i>' })).toBe("It's {name} <b><i></b>")
    expect(strings.text('nth', { n: 1 })).toBe('1st')
  })

  test('may be numbers, empty, or not be there yet', async () => {
    const strings = await load({
      'en.yaml': 'year: 2026\nnothing: ""\n',
      'de.yaml': '',
      'fr.yaml': '# soon\n',
    })
    expect(strings.languages).toEqual(['de', 'en', 'fr'])
    expect([strings.text('year', {}, 'de'), strings.text('nothing')]).toEqual(['2026', ''])
  })

  test('are their keys in a module without strings/, also with an empty one', async () => {
    for (const files of [{}, { '.gitkeep': '' }]) {
      const strings = await load(files)
      expect([strings.text('a.b', { c: 1 }), strings.languages]).toEqual(['a.b', []])
    }
  })

  test('of nobody load no package', () => {
    const root = folderWith({ 'shop/module.yaml': '', 'wiki/strings/en.yaml': 'a: b' })
    const script = `
      import { registerHooks } from 'node:module'
      import { registerTypeScript } from './bin/typescript-hooks.js'
      const packages = new Set()
      registerTypeScript({ conditions: ['limber:source'] })
      registerHooks({ load(url, context, next) {
        const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
        if (name) packages.add(name)
        return next(url, context)
      } })
      const { loadStrings } = await import('./src/strings/load-strings.ts')
      await loadStrings(process.argv[1], 'en', process.argv[2])
      process.stdout.write([...packages].filter((name) => /yaml|intl|semver/.test(name)).join(' '))
    `
    const loaded = (module: string) =>
      execFileSync(
        process.execPath,
        ['--input-type=module', '--eval', script, path.join(root, module), root],
        {
          encoding: 'utf8',
        },
      )
    expect(loaded('shop')).toBe('')
    expect(loaded('wiki')).toContain('yaml')
  })
})

describe('a value', () => {
  test.each([{}, { other: 'Ada' }, { name: undefined }, { name: null }])(
    'that is missing in %o is named, with the text',
    async (values) => {
      const strings = await load({ 'en.yaml': '\nhello: "Hi {name}!"\n' })
      const fill = () => Reflect.apply(strings.text, strings, ['hello', values])
      expect(fill).toThrow(TextValueError)
      expect(fill).toThrow(
        'The text "hello" (en, modules/shop/strings/en.yaml:2) cannot be filled in: the value "name" was not given.',
      )
    },
  )

  test('that every object has is missing too', async () => {
    const strings = await load({ 'en.yaml': 'a: "{constructor}"\n' })
    expect(() => strings.text('a')).toThrow('the value "constructor" was not given')
  })

  test('that cannot be shown is an error with the place of the text', async () => {
    const strings = await load({ 'en.yaml': 'day: "{day, date, short}"\n' })
    expect(() => strings.text('day', { day: 'soon' })).toThrow(
      'The text "day" (en, modules/shop/strings/en.yaml:1) cannot be filled in: Invalid time value.',
    )
  })
})

const bad: readonly [
  title: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  ...faults: RegExp[],
][] = [
  [
    'a brace that stays open',
    { 'en.yaml': 'a: b\nc: "{name"\n' },
    /^en\.yaml:2: "c" is "\{name": it is no ICU message \(expect argument closing brace at character 1\)\.$/,
  ],
  [
    'a plural without other',
    { 'en.yaml': 'a: "{n, plural, one {x}}"\n' },
    /^en\.yaml:1: "a" is .*\(missing other clause at character 20\)\.$/,
  ],
  [
    'an unknown type',
    { 'en.yaml': 'a: "{n, nmber}"\n' },
    /^en\.yaml:1: "a" is .*\(invalid argument type at character/,
  ],
  [
    'a list',
    { 'en.yaml': 'a:\n  b: [c]\n' },
    /^en\.yaml:2: "a\.b" is a list; it has to be a text, or keys with texts\.$/,
  ],
  ['nothing', { 'en.yaml': 'a:\n  b:\n' }, /^en\.yaml:2: "a\.b" is nothing; it has to be a text/],
  ['a flag', { 'en.yaml': 'a: true\n' }, /^en\.yaml:1: "a" is "true"; it has to be a text/],
  ['a list of texts', { 'en.yaml': '- a\n' }, /^en\.yaml:1: it is a list; it has to be keys with texts\.$/],
  ['a key twice', { 'en.yaml': 'a: b\na: c\n' }, /^en\.yaml:2: "a" was given before, in line 1\.$/],
  [
    'a key twice, once with a dot',
    { 'en.yaml': 'a:\n  b: c\na.b: d\n' },
    /^en\.yaml:3: "a\.b" was given before, at modules\/shop\/strings\/en\.yaml:1?2\.$/,
  ],
  ['a tag', { 'en.yaml': 'a: !!js/function x\n' }, /^en\.yaml:1: the tag "!!js\/function" is not read/],
  ['an alias', { 'en.yaml': 'a: &a b\nc: *a\n' }, /^en\.yaml:1: the anchor/, /^en\.yaml:2: the alias/],
  ['levels without end', { 'en.yaml': 'a: '.repeat(10_000) }, /^en\.yaml:1: it nests deeper/],
  [
    'choices without end',
    { 'en.yaml': `a: "${'{a,select,other{'.repeat(3_000)}"` },
    /^en\.yaml:1: "a" is .*: it chooses 3000 times; 50 are the most\.$/,
  ],
  [
    'braces without end',
    { 'en.yaml': `a: "${'{'.repeat(50_000)}"` },
    /^en\.yaml:1: "a" is .*: it is no ICU message/,
  ],
  [
    'another encoding',
    { 'en.yaml': Buffer.from('a: b\nc: Grüße', 'latin1') },
    /^en\.yaml:2: the bytes of this line are no UTF-8/,
  ],
  ['no end', { 'en.yaml': '#'.repeat(300_000) }, /^en\.yaml: it has 300000 bytes; at most 262144 are read/],
  [
    'another ending',
    { 'en.yml': 'a: b\n' },
    /^en\.yml: what is here has to be named by a language: "en\.yaml"/,
  ],
  [
    'a name that is no language',
    { 'en.yaml': '', 'english!.yaml': '' },
    /^english!\.yaml: what is here has to be named/,
  ],
  ['another folder', { 'en.yaml': '', 'old/en.yaml': '' }, /^old: what is here has to be named/],
  ['a folder as a language', { 'en.yaml/x': '' }, /^en\.yaml: it is no file\.$/],
  [
    'a language twice',
    { 'en.yaml': '', 'de-AT.yaml': '', 'de-at.yaml': '' },
    /^de-at\.yaml: "de-AT" has another file: de-AT\.yaml\.$/,
  ],
  [
    'no file of the language of the manifest',
    { 'de.yaml': 'a: b\n' },
    /^modules\/shop\/strings: there is no en\.yaml; it stands in/,
  ],
  [
    'faults in several files',
    { 'en.yaml': 'a: "{"\n', 'de.yaml': 'b: [\n' },
    /^de\.yaml:2: it is no YAML/,
    /^en\.yaml:1: "a" is "\{"/,
  ],
]

describe('texts are refused, with file and line, that are or have', () => {
  test.each(bad)('%s', async (_title, files, ...expected) => {
    expect(await faultsOf(files)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)))
  })

  test('a file instead of the folder', async () => {
    const root = folderWith({ 'modules/shop/strings': 'a: b' })
    const error = await rejectionOf(loadStrings(path.join(root, FOLDER), 'en', root))
    expect(String(error)).toContain('modules/shop/strings: it is no folder.')
  })

  test('a link out of the module', async () => {
    const root = folderWith({ 'secret.yaml': 'a: b', 'modules/shop/strings/.keep': '' })
    symlinkSync('../../../secret.yaml', path.join(root, FOLDER, 'strings/en.yaml'))
    const error = await rejectionOf(loadStrings(path.join(root, FOLDER), 'en', root))
    expect(String(error)).toContain('modules/shop/strings/en.yaml: it leads out of the folder of the module.')
  })
})

test('whatever a text holds, it is filled in or an error of its own', async () => {
  const pieces = [
    '{',
    '}',
    'a',
    ', ',
    'plural',
    'select',
    'number',
    'date',
    'other {',
    'one {',
    "'",
    '#',
    '::',
    'currency/EUR',
    '=1',
    '<b>',
    ' ',
  ]
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''))
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.date({ noInvalidDate: false }))
  await fc.assert(
    fc.asyncProperty(text, value, async (message, a) => {
      try {
        const strings = await load({ 'en.yaml': `a: ${JSON.stringify(message)}\n` })
        expect(strings.text('a', { a })).toBeTypeOf('string')
      } catch (error) {
        if (!(error instanceof StringsError || error instanceof TextValueError)) throw error
      }
    }),
    { numRuns: process.env.LIMBER_TEST_DEEP ? 5_000 : 200, ...(process.env.CI ? { seed: 41 } : {}) },
  )
})
