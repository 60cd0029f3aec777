import type { Guard } from 'limber'
import { type Auth, bearer } from 'limber/auth'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { talkTo } from '../http/live/talk.ts'
import { memberOf, userOf } from './support/members.ts'
import { jsonOf, served, tokenFor } from './support/served.ts'

/** Lets pass as the first user, as a guard of an application may. */
const asAda: Guard = {
  name: 'as-ada',
  async admit(_request, app) {
    const user = await app.config.get('auth').users.findById(1)
    if (user) app.make('auth').admit(user, { guard: 'as-ada' })
  },
}

async function seenBy(auth: Auth) {
  const found = await auth.findUser()
  return found ? memberOf(found).id : null
}

test('a command, a bot or a test says whom it works for, and scopes inside of it know it too', async () => {
  const { app, users } = await served(() => undefined, { listen: false })
  await app.scope(async () => {
    expect(await seenBy(app.make('auth'))).toBeNull()
    const ada = userOf(memberOf(await users.findById(1)))
    app.make('auth').actAs(ada)
    expect(app.make('auth').user).toBe(ada)
    expect(await app.make('auth').authorise()).toBe(ada)
    await app.scope(async () => {
      const auth = app.make('auth')
      expect(auth.user).toBeUndefined()
      const found = await auth.findUser()
      expect([memberOf(found).id, found === ada, auth.user === found]).toEqual([1, false, true])
      auth.actAs(undefined)
      await app.scope(async () => expect(await seenBy(app.make('auth'))).toBeNull())
    })
    expect(await app.make('auth').findUser()).toBe(ada)
  })
})

test('a request inside of such a scope is for whoever has sent it', async () => {
  const { app, http, users } = await served(
    (router, app) => {
      const seen = async () => ({ id: await seenBy(app.make('auth')) })
      router.get('/open', seen)
      router.get('/nested', () => app.scope(seen))
      router.get('/guarded', seen, { guards: [bearer()] })
    },
    { listen: false },
  )
  const status = await app.scope(async () => {
    app.make('auth').actAs(await users.findById(1))
    expect((await http.inject('/open')).json()).toEqual({ id: null })
    expect((await http.inject('/nested')).json()).toEqual({ id: null })
    // What another transport opens for its own clients.
    expect(await app.scope(() => seenBy(app.make('auth')), { origin: {} })).toBeNull()
    return (await http.inject('/guarded')).statusCode
  })
  expect(status).toBe(401)
})

test('nobody is known to another application in the same process, nor is a request', async () => {
  const other = await served(() => undefined, { listen: false })
  const seen = () =>
    other.app.scope(async () => ({
      id: await seenBy(other.app.make('auth')),
      request: other.app.make('http.request') ?? null,
    }))
  const world = await served((router) => router.get('/me', seen, { guards: [bearer()] }))
  const nobody = { id: null, request: null }
  const reply = await world.get('/me', { authorization: `Bearer ${await tokenFor(world, 1)}` })
  expect(await jsonOf(reply)).toEqual(nobody)
  await world.app.scope(async () => {
    world.app.make('auth').actAs(await world.users.findById(1))
    expect(await seen()).toEqual(nobody)
    // Scopes of one application know each other past those of the other.
    const inner = await other.app.scope(() => world.app.scope(() => seenBy(world.app.make('auth'))))
    expect(inner).toBe(1)
  })
})

test('work with an origin of its own is for nobody, also inside of a request', async () => {
  const world = await served((router, app) => {
    const seen = async () => ({ id: await seenBy(app.make('auth')) })
    router.get('/me', () => app.scope(seen, { origin: {} }), { guards: [bearer()] })
  })
  const reply = await world.get('/me', { authorization: `Bearer ${await tokenFor(world, 1)}` })
  expect(await jsonOf(reply)).toEqual({ id: null })
})

test('work that a request starts in a scope of its own is for the same user, read in its own session', async () => {
  const world = await served((router, app) => {
    router.get(
      '/me',
      async ({ request }) => {
        const inner = await app.scope(() => app.make('auth').findUser())
        return { id: memberOf(inner).id, isSame: inner === request.user }
      },
      { guards: [bearer()] },
    )
  })
  const reply = await world.get('/me', { authorization: `Bearer ${await tokenFor(world, 1)}` })
  expect(await jsonOf(reply)).toEqual({ id: 1, isSame: false })
})

test('each message of a WebSocket reads the user of its handshake anew, until the user is gone', async () => {
  const { app, url, users } = await served((router, app) =>
    router.ws(
      '/talk',
      {
        message: async () => {
          const auth = app.make('auth')
          const before = auth.user === undefined
          const user = await auth.authorise()
          return { id: memberOf(user).id, before, isSame: user === app.make('http.request')?.user }
        },
      },
      { guards: [asAda] },
    ),
  )
  const talk = await talkTo(`${url}/talk`)
  talk.say({})
  expect(await talk.hear()).toEqual({ id: 1, before: true, isSame: false })
  users.rows.delete(1)
  talk.say({})
  expect(await talk.hear()).toMatchObject({ error: { status: 401, code: 'LIMBER_UNAUTHENTICATED' } })
  expect(app.state).toBe('booted')
})

test('a WebSocket may say in its first message whose it is', async () => {
  const { url, users } = await served((router, app) =>
    router.ws(
      '/talk',
      {
        message: async ({ login }) => {
          if (login) app.make('auth').actAs(await users.findById(1))
          return { id: await seenBy(app.make('auth')) }
        },
      },
      { message: z.object({ login: z.boolean().optional() }) },
    ),
  )
  const talk = await talkTo(`${url}/talk`)
  for (const message of [{}, { login: true }, {}]) talk.say(message)
  expect([await talk.hear(), await talk.hear(), await talk.hear()]).toEqual([
    { id: null },
    { id: 1 },
    { id: 1 },
  ])
})

test('a message logs nobody in to the browser, whose cookie no reply would carry', async () => {
  const { url, users } = await served(
    (router, app) =>
      router.ws('/talk', {
        message: async () => app.make('auth').login(userOf(memberOf(await users.findById(1)))),
      }),
    { http: { cookies: { secret: 's'.repeat(32) }, sessions: {} } },
  )
  const talk = await talkTo(`${url}/talk`)
  talk.say({})
  expect(await talk.hear()).toMatchObject({ error: { status: 500, code: 'LIMBER_INVALID_REPLY' } })
})

test('each event of a stream knows the user as well', async () => {
  const { get } = await served((router, app) =>
    router.sse(
      '/events',
      async function* () {
        yield { data: { id: await seenBy(app.make('auth')) } }
        yield { data: { id: await seenBy(app.make('auth')) } }
      },
      { guards: [asAda] },
    ),
  )
  const text = await (await get('/events')).text()
  expect(text.match(/data: .*/g)).toEqual(['data: {"id":1}', 'data: {"id":1}'])
})

test('several who ask at once in one scope cause one question', async () => {
  const { app, users } = await served(() => undefined, { listen: false })
  await app.scope(async () => {
    app.make('auth').actAs(await users.findById(1))
    await app.scope(async () => {
      users.asked.length = 0
      const auth = app.make('auth')
      const [first, second] = await Promise.all([auth.findUser(), auth.findUser()])
      expect([first === second, users.asked]).toEqual([true, ['id 1']])
    })
  })
})
