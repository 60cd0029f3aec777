import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { doors } from './source-files.ts'

/** This door exists to load the decorators of the ORM. */
const LOADS_THE_ORM = 'limber/database/mapping'

const script = `
  import { registerHooks } from 'node:module'
  import { registerTypeScript } from './bin/typescript-hooks.js'
  const packages = new Set()
  registerTypeScript({ conditions: ['limber:source'] })
  registerHooks({
    load(url, context, next) {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]
      if (name) packages.add(name)
      return next(url, context)
    },
  })
  for (const door of process.argv.slice(1)) await import(door)
  process.stdout.write([...packages].join('\\n'))
`

/** The packages that are loaded when these doors are imported, in a process of its own. */
function loadedBy(...imported: string[]): string[] {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script, ...imported], {
    encoding: 'utf8',
  })
  return output.split('\n').filter((name) => name !== '')
}

const heavy = /^(@mikro-orm\/.*|kysely|better-sqlite3|fastify|commander|grammy|pino|zod)$/

/** What only those need who have configured it. */
const optional =
  /^(@mikro-orm\/.*|kysely|better-sqlite3|fastify|jose|ioredis|memcache|flydrive|@aws-sdk\/.*|@smithy\/.*)$/

describe('importing a door loads no database, no server and no command line', () => {
  test('limber needs little more than inversify', () => {
    const loaded = loadedBy('limber')
    expect(loaded).toContain('inversify')
    expect(loaded.filter((name) => heavy.test(name))).toEqual([])
  })

  const others = [...doors().keys()].filter((door) => door !== LOADS_THE_ORM && door !== 'limber')
  test.each(others)('%s', (door) => {
    expect(loadedBy(door).filter((name) => optional.test(name))).toEqual([])
  })
})

test('the measure works: the door of the decorators does load the ORM', () => {
  expect(loadedBy(LOADS_THE_ORM)).toContain('@mikro-orm/core')
})
