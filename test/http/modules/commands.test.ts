import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { runLimber } from '../../support/run-limber.ts'

/** An application with a provider that loads a module when the application gets ready. */
function library(): string {
  const folder = appFolder({
    'config/app.ts': `
      import { defineApp } from 'limber'
      import { HttpServiceProvider } from 'limber/http'
      import { LoadingServiceProvider } from '../app/loading-service-provider.ts'
      export default defineApp({ name: 'library', providers: [HttpServiceProvider, LoadingServiceProvider] })`,
    'config/http.ts': `
      import { defineHttp } from 'limber/http'
      export default defineHttp({ port: 0, openapi: {}, health: false })`,
    'app/http/routes.ts': `
      import type { Router } from 'limber/http'
      export default (router: Router) => router.get('/books', () => [])`,
    'app/loading-service-provider.ts': `
      import { ServiceProvider } from 'limber'
      import type { Router } from 'limber/http'
      export class LoadingServiceProvider extends ServiceProvider {
        override register() {
          this.app.singleton('modules.databases', async () => {
            const part = this.app.tagged('module part').find(({ name }) => name === 'routes')
            const routes = (router: Router) => router.get('/shop', () => 'shop', { name: 'shop.show' })
            await part?.add({ name: 'shop' }, [{ path: 'modules/shop/routes.ts', exports: { default: routes } }])
            return { all: () => [], open: () => Promise.reject(new Error('There is none.')) }
          })
        }
      }`,
  })
  symlinkSync(path.resolve('node_modules/zod'), path.join(folder, 'node_modules/zod'))
  return folder
}

test('limber routes lists the routes of modules with their names', async () => {
  const { stdout, stderr } = await runLimber(['routes'], { cwd: library() })
  expect(stderr).toBe('')
  expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
    'method  path    name       module  handler',
    'GET     /books                     (anonymous function)',
    'GET     /shop   shop.show  shop    (anonymous function)',
    '',
  ])
})

test('limber routes --types writes the names of the routes of modules', async () => {
  const cwd = library()
  await runLimber(['routes', '--types'], { cwd })
  const { stdout, code } = await runLimber(['routes', '--types', '--check'], { cwd })
  expect({ stdout, code }).toEqual({ stdout: 'app/http/route-names.ts is up to date.\n', code: 0 })
})

test('limber openapi describes the routes of modules', async () => {
  const { stdout } = await runLimber(['openapi'], { cwd: library() })
  expect(Object.keys(JSON.parse(stdout).paths)).toEqual(['/books', '/shop'])
})
