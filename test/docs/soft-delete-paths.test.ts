import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DATABASES, PATHS } from '../database/soft-delete/paths.ts'

const PAGE = 'docs/soft-delete.md'
const REPAIR = `vitest run test/docs/soft-delete-paths.test.ts --update writes the table of ${PAGE} again`

interface Behaviour {
  readonly path: string
  readonly body: string
}

/** Every behaviour of a call of `describePath`: a method named by a sentence, as the formatter writes it. */
const behaviours = globSync('test/database/soft-delete/*.test.ts').flatMap((file) => {
  const [, ...calls] = readFileSync(file, 'utf8').split(/^await describePath\(\s*(?=')/m)
  return calls.flatMap((call): Behaviour[] => {
    const path = /^'([^']+)'/.exec(call)?.[1] ?? ''
    const [, ...bodies] = call.split(/^(?: {2}| {4})async ['"`].+['"`]\(/m)
    return bodies.map((body) => ({ path, body }))
  })
})

/** Whether a behaviour is about something that the database has: otherwise it ends with its first line. */
function runsOn(dialect: string, { body }: Behaviour): boolean {
  const first = /^.*\{\n(?: *\/\/.*\n)* *if \(world\.dialect ([!=])== '(\w+)'\) return\n/
  const [, negation, named] = first.exec(body) ?? []
  return named === undefined || (named === dialect) === (negation === '!')
}

function row(title: string, promise: string, tested: readonly Behaviour[]): string {
  const counts = Object.keys(DATABASES).map((dialect) => tested.filter((one) => runsOn(dialect, one)).length)
  return `| ${[title, promise, tested.length, ...counts].join(' | ')} |`
}

function table(): string {
  const titles = ['Path', 'What is promised', 'Behaviours', ...Object.values(DATABASES)]
  return [
    `| ${titles.join(' | ')} |`,
    `| --- | --- |${' ---: |'.repeat(titles.length - 2)}`,
    ...Object.entries(PATHS).map(([path, promise]) =>
      row(
        path.includes('(') ? `\`${path}\`` : path,
        promise,
        behaviours.filter((one) => one.path === path),
      ),
    ),
    row(`**${Object.keys(PATHS).length} paths**`, '', behaviours),
  ].join('\n')
}

test(`the table of ${PAGE} is what the tests of soft delete give`, async () => {
  const page = readFileSync(PAGE, 'utf8')
  const place = /^<!-- paths -->\n(?:.*\n)*<!-- \/paths -->$/m
  expect(page).toMatch(place)
  const written = page.replace(place, () => `<!-- paths -->\n\n${table()}\n\n<!-- /paths -->`)
  await expect(written, REPAIR).toMatchFileSnapshot(`../../${PAGE}`)
})

test('every path has a behaviour that tests it: write one with describePath, or take it off paths.ts', () => {
  const tested = new Set(behaviours.map(({ path }) => path))
  expect(Object.keys(PATHS).filter((path) => !tested.has(path))).toEqual([])
})

test('every behaviour belongs to a path: add it to test/database/soft-delete/paths.ts', () => {
  const unknown = behaviours.filter(({ path }) => !Object.hasOwn(PATHS, path))
  expect([...new Set(unknown.map(({ path }) => path))]).toEqual([])
})

test('more than 150 behaviours keep the promise', () => {
  expect(behaviours.length).toBeGreaterThan(150)
})
