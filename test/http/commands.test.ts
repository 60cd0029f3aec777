import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { type RunningLimber, runLimber, startLimber } from '../support/run-limber.ts'

const recorder = fileURLToPath(new URL('../console/record-modules.ts', import.meta.url))

const library = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { HttpServiceProvider } from 'limber/http'
    export default defineApp({ name: 'library', providers: [HttpServiceProvider] })`,
  'config/http.ts': `
    import { env } from 'limber'
    import { defineHttp } from 'limber/http'
    export default defineHttp({ port: env.port('PORT', 0) })`,
  'app/http/routes.ts': `
    import { inject, injectable } from 'limber'
    import type { Router } from 'limber/http'
    @injectable()
    class BooksController {
      constructor(@inject('config') private readonly config: { get(path: 'app.name'): string }) {}
      index() { return { app: this.config.get('app.name') } }
    }
    export default (router: Router) => {
      router.get('/books', [BooksController, 'index'])
      router.post('/books', () => null)
    }`,
}

test('limber routes lists every route with who answers it', async () => {
  const { stdout, stderr, code } = await runLimber(['routes'], { cwd: appFolder(library) })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')).toEqual([
    'method  path     handler',
    'GET     /books   BooksController.index',
    'POST    /books   (anonymous function)',
    'GET     /health  HealthController.live',
    'GET     /ready   HealthController.ready',
    '',
  ])
})

test('limber routes --json is for programs', async () => {
  const { stdout } = await runLimber(['routes', '--json'], { cwd: appFolder(library) })
  expect(JSON.parse(stdout)[0]).toEqual({
    method: 'GET',
    path: '/books',
    name: null,
    module: null,
    handler: 'BooksController.index',
    guards: [],
    middleware: [],
  })
})

test('limber routes loads neither a server nor a database', async () => {
  const cwd = appFolder(library)
  const record = path.join(cwd, 'modules.txt')
  const nodeOptions = ['--import', recorder]
  await runLimber(['routes'], { cwd, nodeOptions, env: { RECORD_MODULES: record } })
  const modules = readFileSync(record, 'utf8')
  expect(modules).toMatch('/src/http/routing/router.ts')
  expect(modules).not.toMatch(/\/(fastify|pino|@mikro-orm)\//)
})

test('limber serve finishes what is in flight when an error is left that nobody handles, and fails', async () => {
  const routes = `
    import { setTimeout as delay } from 'node:timers/promises'
    import type { Router } from 'limber/http'
    export default (router: Router) => {
      router.get('/careless', async () => {
        void Promise.reject(new Error('nobody looked'))
        await delay(100)
        return { done: true }
      })
    }`
  const limber = startLimber(['serve'], { cwd: appFolder({ ...library, 'app/http/routes.ts': routes }) })
  const url = /http:\S+/.exec(await limber.wrote('http://'))?.[0]
  expect(await (await fetch(`${url}/careless`)).json()).toEqual({ done: true })
  const { code, stderr } = await limber.ended
  expect(code).toBe(1)
  expect(stderr).toContain('nobody looked')
})

test('limber serve answers until SIGTERM, and ends with 0', async () => {
  const limber = startLimber(['serve'], { cwd: appFolder(library) })
  const url = await listening(limber)
  expect(await (await fetch(`${url}/books`)).json()).toEqual({ app: 'library' })
  limber.child.kill('SIGTERM')
  const { code, stdout } = await limber.ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: `Listening on ${url}\n` })
})

test('limber serve on a port in use ends with an error and its next step', async () => {
  const first = startLimber(['serve'], { cwd: appFolder(library) })
  const { port } = new URL(await listening(first))
  const { code, stderr } = await runLimber(['serve', '--port', port], { cwd: appFolder(library) })
  expect(code).not.toBe(0)
  expect(stderr).toMatch(`PortInUseError [LIMBER_PORT_IN_USE]: Port ${port} on 127.0.0.1 is already in use.`)
  expect(stderr).toMatch(`PORT=${Number(port) + 1}`)
  expect(stderr).not.toMatch('keeps the process alive')
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
})

/** The address that the server prints. */
async function listening(limber: RunningLimber): Promise<string> {
  let printed = ''
  limber.child.stdout?.on('data', (text: string) => {
    printed += text
  })
  await limber.wrote('Listening on ')
  return printed.trim().replace('Listening on ', '')
}
