import { describe, expect, test } from 'vitest'
import { importsOf, sourceFiles } from './source-files.ts'

/** Rooms of the same layer never import each other, apart from the two at the bottom. */
const layers: Readonly<Record<string, number>> = {
  errors: 0,
  support: 0,
  yaml: 0,
  container: 1,
  config: 1,
  strings: 1,
  application: 2,
  console: 3,
  database: 4,
  http: 4,
  bot: 4,
  cache: 4,
  auth: 4,
  files: 4,
  modules: 5,
  testing: 6,
}

/** The room of a file in src, or an empty text for the files of the composition root. */
function roomOf(file: string): string {
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? ''
}

/** Why a file may not import another, or undefined when it may. */
function objection(file: string, target: string): string | undefined {
  const [from, to] = [roomOf(file), roomOf(target)]
  if (target === 'src/index.ts') return 'inside of src the file is imported, not the door'
  if (file === 'src/index.ts') return (layers[to] ?? 9) <= 2 ? undefined : 'limber holds layers 0 to 2 only'
  if (from === '') return undefined
  if (to === '') return from === 'testing' ? undefined : 'only the test kit imports the composition root'
  if (from === to) return undefined
  const [here, there] = [layers[from] ?? -1, layers[to] ?? 99]
  if (there < here || (here === 0 && there === 0)) return undefined
  return `${from} is layer ${here}, ${to} is layer ${there}`
}

const files = sourceFiles('src')

test('every folder of src has a layer', () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== ''))
  expect([...rooms].filter((room) => layers[room] === undefined)).toEqual([])
})

test('every import goes to a lower layer', () => {
  const wrong = files.flatMap(importsOf).flatMap(({ file, target }) => {
    const reason = target.startsWith('src/') ? objection(file, target) : undefined
    return reason ? [`${file} imports ${target}: ${reason}`] : []
  })
  expect(wrong).toEqual([])
})

describe('the rule itself', () => {
  test.each([
    ['src/container/a.ts', 'src/config/b.ts'],
    ['src/http/a.ts', 'src/database/b.ts'],
    ['src/support/a.ts', 'src/container/b.ts'],
    ['src/application/a.ts', 'src/console/b.ts'],
    ['src/modules/a.ts', 'src/testing/b.ts'],
    ['src/http/a.ts', 'src/main.ts'],
    ['src/http/a.ts', 'src/index.ts'],
    ['src/index.ts', 'src/console/a.ts'],
  ])('%s may not import %s', (file, target) => {
    expect(objection(file, target)).toBeTypeOf('string')
  })

  test.each([
    ['src/errors/a.ts', 'src/support/b.ts'],
    ['src/http/a.ts', 'src/http/b.ts'],
    ['src/http/a.ts', 'src/console/b.ts'],
    ['src/testing/a.ts', 'src/main.ts'],
    ['src/main.ts', 'src/http/a.ts'],
    ['src/index.ts', 'src/application/a.ts'],
  ])('%s may import %s', (file, target) => {
    expect(objection(file, target)).toBeUndefined()
  })
})
