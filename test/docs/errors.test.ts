import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/errors.md', 'utf8')
const codesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
const read = (pattern: string) => globSync(pattern).map((file) => readFileSync(file, 'utf8'))

/** The error classes of src: the name of each and its code. */
const errors = read('src/**/*.ts').flatMap((text) =>
  [...text.matchAll(/readonly code(?:: \w+)?\s*=\s*'(LIMBER_\w+)'/g)].map((match) => ({
    name: [...text.slice(0, match.index).matchAll(/^export (?:abstract )?class (\w+)/gm)].at(-1)?.[1] ?? '',
    code: match[1] ?? '',
  })),
)
const thrown = errors.map(({ code }) => code)
const documented = codesIn(page, /^### (LIMBER_\w+)$/gm)

test('every code of an error has a heading in docs/errors.md', () => {
  expect(thrown.filter((code) => !documented.includes(code))).toEqual([])
})

test('every heading in docs/errors.md belongs to an error', () => {
  expect(documented.filter((code) => !thrown.includes(code))).toEqual([])
})

test('the headings are in alphabetical order, each once', () => {
  expect(documented).toEqual([...new Set(documented)].sort())
})

test('every heading is followed by a meaning, a usual cause and a fix', () => {
  const sections = page.split(/^### /m).slice(1)
  const incomplete = sections.filter((text) => !/Meaning[\s\S]+Usual cause[\s\S]+Fix/.test(text))
  expect(incomplete.map((text) => text.split('\n')[0])).toEqual([])
})

test('no two classes have the same code', () => {
  expect(thrown.filter((code, index) => thrown.indexOf(code) !== index)).toEqual([])
})

test('every code is met in a test', () => {
  const tests = read('test/**/*.ts').join('\n')
  const unmet = errors.filter(({ name, code }) => !new RegExp(`\\b(${name}|${code})\\b`).test(tests))
  expect(unmet.map(({ code }) => code)).toEqual([])
})
