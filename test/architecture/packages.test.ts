import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importsOf, sourceFiles } from './source-files.ts'

const homes = [
  [/^(@mikro-orm\/|kysely$|better-sqlite3$)/, 'src/database/'],
  [/^(@fastify\/|fastify$)/, 'src/http/'],
  [/^commander$/, 'src/console/'],
  [/^jose$/, 'src/auth/'],
  [/^(@grammyjs\/|grammy$)/, 'src/bot/'],
] as const

describe('a package is imported where it belongs only', () => {
  test.each(homes)('%s: under %s', (name, home) => {
    const imports = sourceFiles('src').flatMap(importsOf)
    const strays = imports.filter(({ file, target }) => name.test(target) && !file.startsWith(home))
    expect(strays).toEqual([])
  })
})

/** The lines of src that match, as `file:line text`. */
function lines(pattern: RegExp, except: readonly string[] = []): string[] {
  const files = sourceFiles('src').filter((file) => !except.includes(file))
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${file}:${index + 1} ${text.trim()}`] : [])),
  )
}

test('the environment of the process is read in one file', () => {
  expect(lines(/process\.env\b/, ['src/config/env.ts'])).toEqual([])
})

test('nothing in src is left unchecked by the compiler, and nothing is left to do', () => {
  const marks = [/\bas any\b/, /:\s*any\b(?!\s+\w)/, /<any>/, /@ts-(ignore|nocheck)/, /\b(TODO|FIXME)\b/]
  expect(marks.flatMap((mark) => lines(mark))).toEqual([])
})
