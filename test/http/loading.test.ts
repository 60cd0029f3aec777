import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { emptyFolder } from './serve-routes.ts'

const hooks = fileURLToPath(new URL('../../bin/typescript-hooks.js', import.meta.url))
const recorder = fileURLToPath(new URL('../console/record-modules.ts', import.meta.url))

/** The modules that a program loads. */
function loadedBy(program: string): string {
  const record = path.join(emptyFolder(), 'modules.txt')
  const start = `import { registerTypeScript } from '${hooks}'; registerTypeScript({ conditions: ['limber:source'] });`
  const argv = ['--import', recorder, '--input-type=module', '--eval', `${start} ${program}`]
  execFileSync(process.execPath, argv, { env: { ...process.env, RECORD_MODULES: record } })
  return readFileSync(record, 'utf8')
}

test('a configuration that imports limber/http loads no server', () => {
  const modules = loadedBy(`await import('limber'); await import('limber/http')`)
  expect(modules).toMatch('/src/http/http-kernel.ts')
  expect(modules).not.toMatch(/\/(fastify|pino|zod)\//)
})

test('a server that answers does load Fastify', () => {
  const modules = loadedBy(`
    const { Application } = await import('limber')
    const { HttpServiceProvider } = await import('limber/http')
    const app = new Application({ root: '/', config: {}, providers: [(app) => new HttpServiceProvider(app)] })
    app.instance('log', (await import('pino')).pino({ level: 'silent' }))
    await app.boot()
    await app.make('http').inject('/')
    await app.stop()`)
  expect(modules).toMatch('/fastify/')
})
