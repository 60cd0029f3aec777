import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadRoutes } from 'limber/http'
import { expect, test } from 'vitest'
import { emptyFolder, withRoutes } from './serve-routes.ts'

function folderWith(file: string, text: string): string {
  const root = emptyFolder()
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(path.join(root, file), text)
  return root
}

const application = (root: string, config: Record<string, unknown> = {}) =>
  withRoutes((router) => router.get('/provider', () => 'provider'), { root, config })

const HELLO = `export default (router) => { router.get('/hello', () => 'hello') }`

test.for([
  ['app/http/routes.ts', {}],
  ['app/http/routes.js', {}],
  ['web/paths.ts', { app: { routes: 'web/paths.ts' } }],
  ['web/paths.js', { app: { routes: 'web/paths' } }],
] as const)('%s is found', async ([file, config]) => {
  const { http } = await application(folderWith(file, HELLO), config)
  expect((await http.inject('/hello')).payload).toBe('hello')
  expect((await http.inject('/provider')).payload).toBe('provider')
})

test('an application without a routes file has the routes of its providers', async () => {
  const { http } = await application(emptyFolder())
  expect((await http.inject('/provider')).payload).toBe('provider')
})

test('the file runs once, whoever asks, and may be asynchronous', async () => {
  const text = `export default async (router) => { await null; router.get('/hello', () => 'hello') }`
  const { app, http } = await application(folderWith('app/http/routes.ts', text))
  const [first, second] = await Promise.all([loadRoutes(app), loadRoutes(app), http.inject('/hello')])
  expect(first.routes.map((route) => route.path)).toEqual(['/provider', '/hello', '/health', '/ready'])
  expect(second).toBe(first)
})

test('a file that is named and not there is an error', async () => {
  const { app } = await application(emptyFolder(), { app: { routes: 'web/paths' } })
  await expect(loadRoutes(app)).rejects.toMatchObject({
    code: 'LIMBER_ROUTES_FILE',
    message: 'web/paths cannot be used: it does not exist.',
  })
})

test.for([
  ['no default export', 'export const routes = () => {}', 'its default export is not a function.'],
  [
    'an export that is not a function',
    'export default { get: "/" }',
    'its default export is not a function.',
  ],
  ['a mistake', 'throw new Error("no such table")', 'no such table'],
] as const)('a file with %s is an error that says so', async ([, text, reason]) => {
  const { app, http } = await application(folderWith('app/http/routes.ts', text))
  const error = { code: 'LIMBER_ROUTES_FILE', message: `app/http/routes.ts cannot be used: ${reason}` }
  await expect(loadRoutes(app)).rejects.toMatchObject(error)
  await expect(http.inject('/')).rejects.toMatchObject(error)
})
