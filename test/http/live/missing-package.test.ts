import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const script = `
  import { registerHooks } from 'node:module'
  import { registerTypeScript } from './bin/typescript-hooks.js'
  registerTypeScript({ conditions: ['limber:source'] })
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== '@fastify/websocket') return next(specifier, context)
      const error = new Error("Cannot find package '" + specifier + "' imported from " + context.parentURL)
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
    },
  })
  const { pino } = await import('pino')
  const { Application, ServiceProvider } = await import('limber')
  const { HttpServiceProvider } = await import('limber/http')
  class TestServiceProvider extends ServiceProvider {
    register() { this.app.instance('log', pino({ level: 'silent' })) }
  }
  for (const verb of ['sse', 'ws']) {
    const app = new Application({
      root: 'dist',
      config: {},
      providers: [(app) => new HttpServiceProvider(app), (app) => new TestServiceProvider(app)],
    })
    await app.boot()
    app.make('router')[verb]('/it', verb === 'sse' ? () => undefined : { message: () => undefined })
    const outcome = await app.make('http').inject('/it').then((reply) => reply.statusCode, ({ code, hint }) => [code, hint].join(': '))
    console.log(outcome)
    await app.stop()
  }
`

test('@fastify/websocket is needed by a route of a WebSocket only, which names the command that installs it', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(output.trim().split('\n')).toEqual([
    '204',
    'LIMBER_PACKAGE_MISSING: Run: npm install @fastify/websocket',
  ])
})
