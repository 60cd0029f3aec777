import { inject, injectable, type Log } from 'limber'
import { type Auth, bearer, ForbiddenError, type Policy, UnauthenticatedError } from 'limber/auth'
import { describe, expect, test } from 'vitest'
import { Member, memberOf, userOf } from './support/members.ts'
import { jsonOf, served, tokenFor } from './support/served.ts'

class Book {
  readonly owner: number
  constructor(owner: number) {
    this.owner = owner
  }
}
class Novel extends Book {}
class Shelf {}

@injectable()
class BookPolicy implements Policy<Member> {
  static readonly model = Book
  static readonly guests = ['show']

  constructor(@inject('log') private readonly log: Log) {}

  before(user: Member, _subject: object, action: string) {
    return action !== 'destroy' && user.isAdmin ? true : undefined
  }
  show(_user: Member | undefined, book: Book) {
    return book.owner !== 0
  }
  store() {
    return true
  }
  async update(user: Member, book: Book) {
    this.log.debug('asked')
    return book.owner === user.id
  }
  destroy() {
    return false
  }
  // A mistake that the compiler sees, and JavaScript does not.
  lend(): boolean {
    return 'yes' as never
  }
  borrow(): boolean {
    return undefined as never
  }
}

const policies = [async () => ({ BookPolicy })]
const library = () => served(() => undefined, { auth: { policies }, listen: false })

/** Asks in a scope of a user, or of a guest. */
async function asking(id: number | undefined) {
  const { app, users } = await library()
  return <T>(ask: (auth: Auth) => Promise<T>, isAdmin = false) =>
    app.scope(async () => {
      const auth = app.make('auth')
      const user = id === undefined ? undefined : memberOf(await users.findById(id))
      if (user) user.isAdmin = isAdmin
      auth.actAs(user && userOf(user))
      return ask(auth)
    })
}

describe('a policy', () => {
  test('says what a user may do with a thing, and with its class', async () => {
    const ask = await asking(1)
    expect(await ask((auth) => auth.can('update', new Book(1)))).toBe(true)
    expect(await ask((auth) => auth.can('update', new Book(2)))).toBe(false)
    expect(await ask((auth) => auth.cannot('update', new Book(2)))).toBe(true)
    expect(await ask((auth) => auth.can('store', Book))).toBe(true)
  })

  test('is that of the base for a class without its own', async () => {
    const ask = await asking(1)
    expect(await ask((auth) => auth.can('update', new Novel(1)))).toBe(true)
    expect(await ask((auth) => auth.can('store', Novel))).toBe(true)
  })

  test('may answer before its actions, for administrators', async () => {
    const ask = await asking(1)
    expect(await ask((auth) => auth.can('update', new Book(2)), true)).toBe(true)
    expect(await ask((auth) => auth.can('destroy', new Book(1)), true)).toBe(false)
  })

  test('refuses users with 403, and guests with 401', async () => {
    const [ask, askGuest] = [await asking(1), await asking(undefined)]
    expect(await ask((auth) => auth.authorise('update', new Book(1)))).toMatchObject({ id: 1 })
    await expect(ask((auth) => auth.authorise('update', new Book(2)))).rejects.toBeInstanceOf(ForbiddenError)
    await expect(askGuest((auth) => auth.authorise('update', new Book(2)))).rejects.toBeInstanceOf(
      UnauthenticatedError,
    )
    await expect(askGuest((auth) => auth.authorise())).rejects.toBeInstanceOf(UnauthenticatedError)
  })

  test('is asked for guests where it says so, and nowhere else', async () => {
    const ask = await asking(undefined)
    expect(await ask((auth) => auth.can('show', new Book(1)))).toBe(true)
    expect(await ask((auth) => auth.authorise('show', new Book(1)))).toBeUndefined()
    expect(await ask((auth) => auth.can('show', new Book(0)))).toBe(false)
    expect(await ask((auth) => auth.can('store', Book))).toBe(false)
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'before', 'log', 'updat'])(
    'that has no action "%s" is a mistake of the program, not a no',
    async (action) => {
      const ask = await asking(1)
      await expect(ask((auth) => auth.can(action, new Book(1)))).rejects.toMatchObject({
        code: 'LIMBER_UNKNOWN_ACTION',
        kind: 'internal',
      })
    },
  )

  test('suggests the action that was meant', async () => {
    const ask = await asking(1)
    await expect(ask((auth) => auth.can('updat', new Book(1)))).rejects.toMatchObject({
      hint: 'Did you mean "update"?',
    })
  })

  test.each(['lend', 'borrow'])('that answers with no boolean from %s() has not said yes', async (action) => {
    const ask = await asking(1)
    await expect(ask((auth) => auth.can(action, new Book(1)))).rejects.toMatchObject({
      code: 'LIMBER_POLICY_ANSWER',
    })
  })

  test.each([
    ['a class', Shelf],
    ['a thing', new Shelf()],
    ['an object without a class', Object.create(null)],
    ['a plain object', {}],
  ])('that there is not for %s is a mistake of the program', async (_, subject) => {
    const ask = await asking(1)
    await expect(ask((auth) => auth.can('update', subject))).rejects.toMatchObject({
      code: 'LIMBER_POLICY_NOT_FOUND',
    })
  })
})

class Shew {
  static readonly model = Shelf
  static readonly guests = ['shew']
  show() {
    return true
  }
}

test.each([
  ['exports no class with a model', async () => ({ Shelf })],
  ['cannot be imported', () => Promise.reject(new Error('no such file'))],
  ['names a guest action that it has not', Shew],
])('a policy that %s is refused', async (_, policy) => {
  const { app } = await served(() => undefined, { auth: { policies: [policy] }, listen: false })
  const asked = app.scope(() => app.make('auth').can('show', Shelf))
  await expect(asked).rejects.toMatchObject({ code: 'LIMBER_POLICY_FILE' })
})

test('two policies of one model are refused', async () => {
  class Other {
    static readonly model = Book
  }
  const { app } = await served(() => undefined, { auth: { policies: [...policies, Other] }, listen: false })
  await expect(app.scope(() => app.make('auth').can('show', Book))).rejects.toThrow(
    'BookPolicy is about Book already',
  )
})

test('what a policy needs is checked with everything else, before the first request', async () => {
  @injectable()
  class ShelfPolicy {
    static readonly model = Shelf
    constructor(@inject('no.such.service') readonly missing: unknown) {}
  }
  const { app } = await served(() => undefined, { auth: { policies: [ShelfPolicy] }, listen: false })
  // Whatever carries this tag is one.
  const sources = app.tagged('classes')
  const policies = sources.find(({ name }) => name === 'policies')
  const faults = app.verify(await policies?.classes())
  expect(faults.map(({ path }) => path.join(' → '))).toEqual(['ShelfPolicy → "no.such.service"'])
})

test('over HTTP a policy refuses with 403, and says little in production', async () => {
  const world = await served(
    (router, app) => {
      router.get(
        '/books/:owner',
        async ({ request }) => {
          const book = new Book(Number(Reflect.get(Object(request.params), 'owner')))
          await app.make('auth').authorise('update', book)
          return { owner: book.owner }
        },
        { guards: [bearer()] },
      )
    },
    { auth: { policies } },
  )
  const headers = { authorization: `Bearer ${await tokenFor(world, 1)}` }
  expect((await world.get('/books/1', headers)).status).toBe(200)
  const refused = await world.get('/books/2', headers)
  expect([refused.status, await jsonOf(refused)]).toEqual([
    403,
    expect.objectContaining({ code: 'LIMBER_FORBIDDEN', detail: 'This user may not update this Book.' }),
  ])
})
