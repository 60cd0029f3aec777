import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'

const routes = (lines: string) => `
  import type { Router } from 'limber/http'
  class Guarded { handle(_facts: unknown, next: () => unknown) { return next() } }
  const key = { name: 'api key', admit: () => undefined }
  export default (router: Router) => { ${lines} }`

const library = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { HttpServiceProvider } from 'limber/http'
    export default defineApp({ name: 'library', providers: [HttpServiceProvider] })`,
  'app/http/routes.ts': routes(`
    router.get('/books/:book', () => 1, { name: "reader's.book", guards: [key], middleware: [Guarded] })
    router.get('/', () => 1, { name: 'home' })
    router.get('/unnamed', () => 1)`),
}

test('limber routes --types writes the names of the routes, and --check tells whether it still holds', async () => {
  const root = appFolder(library)
  const file = path.join(root, 'app/http/route-names.ts')
  await using app = await createTestApplication({ root })

  expect(await app.run('routes', '--types', '--check')).toMatchObject({
    exitCode: 1,
    stdout: 'app/http/route-names.ts is out of date. Run: limber routes --types\n',
  })
  expect(await app.run('routes', '--types')).toMatchObject({
    exitCode: 0,
    stdout: 'Wrote app/http/route-names.ts.\n',
  })
  expect(readFileSync(file, 'utf8')).toContain(`
  interface NamedRoutes {
    'home': '/'
    'reader\\'s.book': '/books/:book'
  }`)
  expect(await app.run('routes', '--types', '--check')).toMatchObject({ exitCode: 0 })

  writeFileSync(file, '// by hand')
  expect(await app.run('routes', '--check')).toMatchObject({ exitCode: 1 })
  expect(readFileSync(file, 'utf8')).toBe('// by hand')
})

test('limber routes lists names, guards and middleware where there are any', async () => {
  await using app = await createTestApplication({ root: appFolder(library) })
  const { stdout } = await app.run('routes')
  expect(stdout.split('\n')).toEqual([
    'method  path          name           handler                 guards   middleware',
    "GET     /books/:book  reader's.book  (anonymous function)    api key  Guarded",
    'GET     /             home           (anonymous function)',
    'GET     /unnamed                     (anonymous function)',
    'GET     /health                      HealthController.live',
    'GET     /ready                       HealthController.ready',
    '',
  ])
  expect(JSON.parse((await app.run('routes', '--json')).stdout)[0]).toMatchObject({
    name: "reader's.book",
    guards: ['api key'],
    middleware: ['Guarded'],
  })
})
