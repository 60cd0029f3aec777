import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { doors, importsOf, sourceFiles } from './source-files.ts'

const doorFiles = new Set(doors().values())

test('every door of package.json is a file, and every index.ts is a door', () => {
  expect([...doorFiles].filter((file) => !existsSync(file))).toEqual([])
  const indexes = sourceFiles('src').filter((file) => file.endsWith('/index.ts'))
  expect(indexes.filter((file) => !doorFiles.has(file))).toEqual([])
})

test('inside of src the file is imported, not the door, unless a door opens another', () => {
  const wrong = sourceFiles('src')
    .flatMap(importsOf)
    .filter(({ file, target }) => /(^|\/)index\.ts$/.test(target) && !doorFiles.has(file))
  expect(wrong).toEqual([])
})

test('src imports itself by file, never as a package', () => {
  const wrong = sourceFiles('src')
    .flatMap(importsOf)
    .filter(({ target }) => /^limber(\/|$)/.test(target))
  expect(wrong).toEqual([])
})

test('the skeleton application imports packages, the doors of limber, and its own files', () => {
  const known = (target: string) =>
    /^(app|config|database)\//.test(target) ||
    (/^limber(\/|$)/.test(target)
      ? doors().has(target)
      : /^(node:|@?[a-z])/.test(target) && !/^(src|test)\//.test(target))
  const wrong = ['app', 'config', 'database'].flatMap(sourceFiles).flatMap(importsOf)
  expect(wrong.filter(({ target }) => !known(target))).toEqual([])
})
