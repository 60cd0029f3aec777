import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const script = `
  import { registerHooks } from 'node:module'
  import { registerTypeScript } from './bin/typescript-hooks.js'
  registerTypeScript({ conditions: ['limber:source'] })
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== '@fastify/cors') return next(specifier, context)
      const error = new Error("Cannot find package '" + specifier + "' imported from " + context.parentURL)
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
    },
  })
  const { pino } = await import('pino')
  const { Application, ServiceProvider } = await import('limber')
  const { HttpServiceProvider } = await import('limber/http')
  class LogServiceProvider extends ServiceProvider {
    register() { this.app.instance('log', pino({ level: 'silent' })) }
  }
  for (const cors of [undefined, {}]) {
    const app = new Application({
      root: 'dist',
      config: { http: { cors } },
      providers: [(app) => new LogServiceProvider(app), (app) => new HttpServiceProvider(app)],
    })
    await app.boot()
    const outcome = await app.make('http').inject('/').then((reply) => reply.statusCode, ({ code, hint }) => [code, hint].join(': '))
    console.log(outcome)
    await app.stop()
  }
`

test('a missing package is named with the command that installs it, once its ability is configured', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(output.trim().split('\n')).toEqual(['404', 'LIMBER_PACKAGE_MISSING: Run: npm install @fastify/cors'])
})
