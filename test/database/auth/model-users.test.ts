import type { Application, CurrentUser, UserProvider } from 'limber'
import { KeyedModel, Model, modelUsers } from 'limber/database'
import { Entity, PrimaryKey, Property } from 'limber/database/mapping'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { bootLibrary } from '../support/library-application.ts'

@Entity()
class Reader extends Model {
  static override softDelete = true

  @Property({ unique: true })
  email!: string

  @Property({ hidden: true, nullable: true, lazy: true, length: 255 })
  passwordHash?: string | null
}

@Entity()
class Device extends KeyedModel {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'bigint', unique: true })
  serial!: bigint
}

@Entity()
class Seat extends KeyedModel {
  @PrimaryKey({ type: 'integer' })
  row!: number

  @PrimaryKey({ type: 'integer' })
  column!: number

  @Property()
  email!: string
}

class Stranger {
  email = ''
}

const TOKEN = '8c1f9a52-0f0e-4c6c-9d55-2f4b8c7d1a10'
const users = modelUsers({ model: Reader, login: 'email', password: 'passwordHash' })
const devices = modelUsers({ model: async () => ({ Device }), login: 'serial' })

/** The users of these tests are others than those of the skeleton, which the compiler knows. */
const known = (user: object | undefined) => user as CurrentUser

const emailOf = (user: object | undefined) => (user instanceof Reader ? user.email : undefined)

async function open(driver: Parameters<typeof bootLibrary>[0]) {
  const { app } = await bootLibrary({ ...driver, models: [Reader, Device, Seat] })
  await app.ready(['db'])
  await app.make('db.connection').schema.create()
  await app.scope(async () => {
    const session = app.make('db.session')
    for (const email of ['ada@example.com', 'Grace@Example.com', 'gone@example.com']) {
      session.create(Reader, { email, passwordHash: `hash of ${email}` })
      await session.flush()
    }
    session.create(Device, { id: TOKEN, serial: 9007199254740991n })
    session.remove(await session.findOneOrFail(Reader, { email: 'gone@example.com' }))
  })
  return app
}

const byLogin = (app: Application, login: unknown, provider: UserProvider = users) =>
  // What clients send is not always what the types say.
  app.scope(() => provider.findByLogin(login as string))

describe.each(await everyDatabase())('users on $title', (database) => {
  test('are found by their login and by their id, and get a new hash with the unit of work', async () => {
    const app = await open({ driver: await database.create() })
    await app.scope(async () => {
      const ada = await users.findByLogin('ada@example.com')
      expect(users.idOf(known(ada))).toBe(1)
      expect(users.passwordHashOf(known(ada))).toBe('hash of ada@example.com')
      expect(await users.findById(1)).toBe(ada)
      expect(await users.findById('1')).toBe(ada)
    })
    const rows = () => app.make('db.connection').execute('select password_hash from reader where id = 1')

    const failed = app.scope(async () => {
      await users.changePasswordHash(known(await users.findById(1)), 'lost')
      await app.make('db.session').flush()
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await rows()).toEqual([{ password_hash: 'hash of ada@example.com' }])

    await app.scope(async () => users.changePasswordHash(known(await users.findById(1)), 'new'))
    expect(await rows()).toEqual([{ password_hash: 'new' }])

    // Whoever flushes by hand knows nothing of it.
    const byHand = async () => {
      const ada = known(await users.findById(1))
      await users.changePasswordHash(ada, 'by hand')
      expect(users.passwordHashOf(ada)).toBe('by hand')
    }
    await app.scope(byHand, { autoCommit: false })
    expect(await rows()).toEqual([{ password_hash: 'by hand' }])
    await app.make('db.connection').execute('update reader set password_hash = null')
    await app.scope(async () => {
      expect(users.passwordHashOf(known(await users.findById(1)))).toBeUndefined()
    })
  })

  test('are found by a login in other letters where theirs is in small ones, and by nothing that only looks alike', async () => {
    const app = await open({ driver: await database.create() })
    expect(emailOf(await byLogin(app, '  ADA@example.COM\n'))).toBe('ada@example.com')
    expect(emailOf(await byLogin(app, 'Grace@Example.com'))).toBe('Grace@Example.com')
    for (const login of ['grace@example.com', 'adá@example.com', 'ada@example.com\0', 'ada@example.co']) {
      expect(await byLogin(app, login), login).toBeUndefined()
    }
  })

  test('with their exact login come before those who have it in small letters', async () => {
    if (database.title === 'MariaDB') return // it takes both for the same, and refuses the second
    const app = await open({ driver: await database.create() })
    await app.scope(() => void app.make('db.session').create(Reader, { email: 'Ada@example.com' }))
    expect(emailOf(await byLogin(app, 'Ada@example.com'))).toBe('Ada@example.com')
    expect(emailOf(await byLogin(app, 'ada@example.com'))).toBe('ada@example.com')
    expect(emailOf(await byLogin(app, 'ADA@example.com'))).toBe('ada@example.com')
  })

  test('are not found by what is hostile, nor in the trash', async () => {
    const app = await open({ driver: await database.create() })
    const logins = ['', ' ', '\0', '%', '_da@example.com', "' or 1=1 --", '\ud83d', 'a'.repeat(1_000_000)]
    for (const login of [...logins, 1, null, undefined, ['ada@example.com'], { $ne: null }, true]) {
      expect(await byLogin(app, login), JSON.stringify(login)?.slice(0, 40)).toBeUndefined()
    }
    expect(await byLogin(app, 'gone@example.com'), 'in the trash').toBeUndefined()
    const ids = [
      'abc',
      '',
      '1 or 1=1',
      '1\0',
      '0x1',
      '1.0',
      '01',
      '-0',
      '+1',
      ' 1',
      '1e0',
      1.5,
      Number.NaN,
      -1,
      3,
      99_999_999_999_999,
      '9'.repeat(99),
    ]
    for (const id of [...ids, null, undefined, {}, [1], true]) {
      const found = await app.scope(() => users.findById(id as string))
      expect(found, JSON.stringify(id)).toBeUndefined()
    }
  })

  test('may have a UUID as their key and a number as their login', async () => {
    const app = await open({ driver: await database.create() })
    await app.scope(async () => {
      const device = await devices.findByLogin('9007199254740991')
      expect(devices.idOf(known(device))).toBe(TOKEN)
      expect(await devices.findById(TOKEN.toUpperCase())).toBe(device)
      expect(devices.passwordHashOf(known(device))).toBeUndefined()
      for (const id of ['7', 7, `${TOKEN}0`]) expect(await devices.findById(id)).toBeUndefined()
    })
    for (const login of ['9007199254740992', '9223372036854775808', '1n', 'ada', '09007199254740991']) {
      expect(await byLogin(app, login, devices), login).toBeUndefined()
    }
  })
})

describe('a configuration that cannot work is said when the first user is looked for', () => {
  const WRONG: [string, () => UserProvider, object][] = [
    [
      'a login that is misspelt',
      // @ts-expect-error the compiler knows the properties
      () => modelUsers({ model: Reader, login: 'emial' }),
      {
        code: 'LIMBER_AUTH_MODEL',
        message: expect.stringContaining('Reader has no property "emial"'),
        hint: 'Did you mean "email"?',
      },
    ],
    [
      'a password that is misspelt, of a model in a file',
      // @ts-expect-error the compiler knows the properties
      () => modelUsers({ model: async () => ({ Reader }), login: 'email', password: 'constructor' }),
      { code: 'LIMBER_AUTH_MODEL', message: expect.stringContaining('no property "constructor"') },
    ],
    [
      'a file of several models',
      () => modelUsers({ model: async () => ({ Reader, Seat }), login: 'email' }),
      { code: 'LIMBER_AUTH_MODEL', message: expect.stringContaining('Reader, Seat') },
    ],
    [
      'a model that config/app.ts does not list',
      () => modelUsers({ model: Stranger, login: 'email' }),
      { code: 'LIMBER_MODEL_FILE' },
    ],
    [
      'a file that is not there',
      () => modelUsers({ model: () => Promise.reject(new Error('no such file')), login: undefined as never }),
      { code: 'LIMBER_MODEL_FILE', message: expect.stringContaining('no such file') },
    ],
  ]

  test.each(WRONG)('%s', async (_case, make, error) => {
    const app = await open({})
    await expect(byLogin(app, 'ada@example.com', make())).rejects.toMatchObject(error)
  })

  test('a key of two columns, a user who is not saved, and a password where none is configured', async () => {
    const app = await open({})
    const seats = modelUsers({ model: Seat, login: 'email' })
    await expect(app.scope(() => seats.findById(1))).rejects.toMatchObject({
      code: 'LIMBER_AUTH_MODEL',
      message: expect.stringContaining('the key of Seat'),
    })
    await app.scope(async () => {
      const session = app.make('db.session')
      const reader = session.create(Reader, { email: 'new@example.com' })
      expect(() => users.idOf(known(reader))).toThrow('this Reader has no key yet')
      await session.flush()
      expect(users.idOf(known(reader))).toBe(4)
    })
    await expect(seats.changePasswordHash(known({}), 'hash')).rejects.toThrow(
      'no property is named for passwords',
    )
  })

  test('a provider that failed to load its file loads it again', async () => {
    const app = await open({})
    let isThere = false
    const provider = modelUsers({
      model: async () => {
        if (!isThere) throw new Error('not yet')
        return { Reader }
      },
      login: 'email',
    })
    await expect(byLogin(app, 'ada@example.com', provider)).rejects.toThrow('not yet')
    isThere = true
    expect(emailOf(await byLogin(app, 'ada@example.com', provider))).toBe('ada@example.com')
  })

  test('outside of a scope there is no session to look with', async () => {
    await expect(users.findById(1)).rejects.toMatchObject({ code: 'LIMBER_OUTSIDE_SCOPE' })
  })
})
