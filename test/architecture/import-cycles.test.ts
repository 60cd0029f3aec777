import { expect, test } from 'vitest'
import { importsOf, sourceFiles } from './source-files.ts'

type Graph = ReadonlyMap<string, readonly string[]>

/** The first circle of imports that is found, as the files on it; or undefined. */
function circle(graph: Graph): string[] | undefined {
  const done = new Set<string>()
  const visit = (file: string, open: readonly string[]): string[] | undefined => {
    if (open.includes(file)) return [...open.slice(open.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const target of graph.get(file) ?? []) {
      const found = visit(target, [...open, file])
      if (found) return found
    }
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const found = visit(file, [])
    if (found) return found
  }
  return undefined
}

test('no files of src import each other in a circle, types included', () => {
  const targets = (file: string) => importsOf(file).map(({ target }) => target)
  const graph = new Map(sourceFiles('src').map((file) => [file, targets(file)]))
  expect(circle(graph)?.join('\n→ ')).toBeUndefined()
})

test('a circle is found and told with every file on it', () => {
  const graph = new Map([
    ['start', ['a']],
    ['a', ['b', 'c']],
    ['b', []],
    ['c', ['d']],
    ['d', ['a']],
  ])
  expect(circle(graph)).toEqual(['a', 'c', 'd', 'a'])
})
