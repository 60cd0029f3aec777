import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const script = `
  import { registerHooks } from 'node:module'
  import { registerTypeScript } from './bin/typescript-hooks.js'
  registerTypeScript({ conditions: ['limber:source'] })
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== 'jose') return next(specifier, context)
      const error = new Error("Cannot find package '" + specifier + "' imported from " + context.parentURL)
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
    },
  })
  const { Application } = await import('limber')
  const { AuthServiceProvider } = await import('limber/auth')
  const nobody = () => undefined
  const users = { idOf: nobody, findById: nobody, findByLogin: nobody, passwordHashOf: nobody, changePasswordHash: nobody }
  const keys = [{ kid: 'a', algorithm: 'HS256', secret: 's'.repeat(32) }]
  for (const jwt of [undefined, { issuer: 'library', audience: 'readers', keys }]) {
    const app = new Application({
      root: 'dist',
      config: { auth: { users, jwt } },
      providers: [(app) => new AuthServiceProvider(app)],
    })
    const explain = (error) => [error.cause?.code, error.cause?.hint].join(': ')
    console.log(await app.boot().then(() => 'booted', explain))
    await app.stop()
  }
`

test('without the package for tokens, an application that has them does not start and says how to install it', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(output.trim().split('\n')).toEqual(['booted', 'LIMBER_PACKAGE_MISSING: Run: npm install jose'])
})
