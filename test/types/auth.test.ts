import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { CurrentUser } from 'limber'
import type { Auth, CredentialGuard, JwtKey, Policy } from 'limber/auth'
import { anyOf, apiKey, bearer, defineAuth } from 'limber/auth'
import type { Router } from 'limber/http'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'

test('guards are values of routes and of groups', () => {
  expectTypeOf(anyOf(apiKey({ abilities: ['a'] }), bearer())).toEqualTypeOf<CredentialGuard>()
  const add = (router: Router) => router.get('/me', () => null, { guards: [anyOf(apiKey(), bearer())] })
  expectTypeOf(add).toBeFunction()
  // @ts-expect-error there has to be one
  expect(() => anyOf()).not.toThrow()
})

test('the user of a guest is undefined, and that of authorise() is there', () => {
  expectTypeOf<Auth['user']>().toEqualTypeOf<CurrentUser | undefined>()
  const asked = (auth: Auth) => [auth.authorise(), auth.authorise('show', {}), auth.can('show', {})] as const
  type Asked = ReturnType<typeof asked>
  expectTypeOf<Asked>().toEqualTypeOf<
    readonly [Promise<CurrentUser>, Promise<CurrentUser | undefined>, Promise<boolean>]
  >()
})

test('a key has a secret, a pair or a JWK, and an algorithm that fits', () => {
  const keys: JwtKey[] = [
    { kid: 'a', algorithm: 'HS256', secret: 's' },
    { kid: 'b', algorithm: 'RS256', publicKey: 'p' },
    { kid: 'c', algorithm: 'ES256', jwk: {} },
    // @ts-expect-error a public key is no secret
    { kid: 'd', algorithm: 'RS256', secret: 's' },
    // @ts-expect-error there is no such algorithm
    { kid: 'e', algorithm: 'none', secret: 's' },
  ]
  expectTypeOf(keys).toBeArray()
  // @ts-expect-error users are missing
  expectTypeOf(defineAuth({})).toBeObject()
})

test('before() of a policy answers yes, no or nothing, and may be missing', () => {
  class Good implements Policy {
    before() {
      return undefined
    }
  }
  class Bad implements Policy {
    // @ts-expect-error a text is no answer
    before() {
      return 'yes'
    }
  }
  class Without implements Policy {
    show() {
      return true
    }
  }
  expectTypeOf<Good>().not.toEqualTypeOf<Bad>()
  expectTypeOf<Without>().toExtend<Policy>()
})

/** In a program of its own: in that of the tests it would be the user of every test. */
test('the user that an application declares is that of auth, of requests and of providers', {
  timeout: 60_000,
}, () => {
  const folder = 'dist/auth-types'
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({
      extends: '../../tsconfig.base.json',
      compilerOptions: { noEmit: true, composite: false, incremental: false },
      include: ['*.ts'],
    }),
  )
  writeFileSync(
    `${folder}/user.ts`,
    `import type { UserProvider } from 'limber'
import type { Auth } from 'limber/auth'
import type { HttpContext } from 'limber/http'

export class User {
  id!: number
  email!: string
}
declare module 'limber' {
  interface AuthTypes {
    user: User
  }
}
export async function emailsOf(auth: Auth, { request }: HttpContext, users: UserProvider) {
  const found: (string | undefined)[] = [auth.user?.email, request.user?.email, (await users.findById(1))?.email]
  found.push((await auth.authorise()).email)
  // @ts-expect-error a user of this application has no such property
  found.push(auth.user?.name)
  // @ts-expect-error an object of another kind is no user
  auth.actAs({ id: 1 })
  return found
}
`,
  )
  const tsc = 'node_modules/typescript/bin/tsc'
  const run = () =>
    execFileSync(process.execPath, [tsc, '--project', folder, '--pretty', 'false'], { encoding: 'utf8' })
  expect(run()).toBe('')
})
