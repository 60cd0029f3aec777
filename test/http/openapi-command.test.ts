import { readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

/** An application that has zod at hand, as every application has. */
function library(http: string): string {
  const folder = appFolder({
    'config/app.ts': `
      import { defineApp } from 'limber'
      import { HttpServiceProvider } from 'limber/http'
      export default defineApp({ name: 'library', providers: [HttpServiceProvider] })`,
    'config/http.ts': `
      import { defineHttp } from 'limber/http'
      export default defineHttp(${http})`,
    'app/http/routes.ts': `
      import type { Router } from 'limber/http'
      import { z } from 'zod'
      export default (router: Router) => {
        router.get('/books', () => [], { query: z.object({ since: z.date() }) })
      }`,
  })
  symlinkSync(path.resolve('node_modules/zod'), path.join(folder, 'node_modules/zod'))
  return folder
}

const gap = {
  route: 'GET /books',
  place: 'query.since',
  reason: 'Date cannot be represented in JSON Schema.',
}

test('limber openapi prints the document, and says aside what that does not say', async () => {
  const cwd = library('{ openapi: { path: false } }')
  const { stdout, stderr, code } = await runLimber(['openapi'], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: `GET /books: query.since: ${gap.reason}\n` })
  expect(JSON.parse(stdout)).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'library' },
    paths: { '/books': {} },
  })

  const written = await runLimber(['openapi', '--output', 'api.json'], { cwd })
  expect({ code: written.code, stdout: written.stdout }).toEqual({ code: 0, stdout: '' })
  expect(readFileSync(path.join(cwd, 'api.json'), 'utf8')).toBe(stdout)
})

test('limber openapi --check fails when something is not said', async () => {
  const { stdout, code } = await runLimber(['openapi', '--check', '--json'], {
    cwd: library('{ openapi: {} }'),
  })
  expect({ code, gaps: JSON.parse(stdout) }).toEqual({ code: 1, gaps: [gap] })
})

test('limber openapi without a configuration says what to add', async () => {
  const { stderr, code } = await runLimber(['openapi'], { cwd: library('{}') })
  expect(code).toBe(2)
  expect(stderr).toMatch('LIMBER_OPEN_API_CONFIG')
  expect(stderr).toMatch('Add "openapi: {}" to config/http.ts.')
})

test('the document of the skeleton is valid and says everything, without its database', async () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const [printed, checked] = await Promise.all(
    [['openapi'], ['openapi', '--check']].map((argv) => runLimber(argv, { cwd, env })),
  )
  expect(await new Validator().validate(JSON.parse(String(printed?.stdout)))).toMatchObject({ valid: true })
  expect({ code: checked?.code, stdout: checked?.stdout }).toEqual({
    code: 0,
    stdout: 'The document describes every schema of every route.\n',
  })
})
