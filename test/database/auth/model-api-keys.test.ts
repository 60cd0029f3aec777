import type { CurrentUser } from 'limber'
import { Model, modelApiKeys } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { bootLibrary } from '../support/library-application.ts'

@Entity()
class Owner extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
class AccessKey extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @Property({ unique: true })
  prefix!: string

  @Property({ hidden: true })
  digest!: string

  @Property({ type: 'json' })
  abilities!: string[]

  @Property({ type: 'datetime', length: 3, nullable: true })
  expiresAt?: Date | null

  @ManyToOne(() => Owner, { ref: true })
  user!: Ref<Owner>
}

const keys = modelApiKeys({ model: async () => ({ AccessKey }) })
/** The users of these tests are others than those of the skeleton, which the compiler knows. */
const known = (user: object) => user as CurrentUser

const EXPIRES = new Date('2030-01-02T03:04:05.678Z')

describe.each(await everyDatabase())('API keys on $title', (database) => {
  test('are kept with the unit of work, and found by their exact prefix while they and their user are', async () => {
    const { app } = await bootLibrary({ driver: await database.create(), models: [Owner, AccessKey] })
    await app.ready(['db'])
    const connection = app.make('db.connection')
    await connection.schema.create()
    const find = (prefix: unknown) => app.scope(() => keys.find(prefix as string))
    await app.scope(async () => {
      const user = known(app.make('db.session').create(Owner, { name: 'Ada' }))
      await app.make('db.session').flush()
      await keys.add({
        name: 'CI',
        prefix: 'lk_abc',
        digest: 'd1',
        user,
        expiresAt: EXPIRES,
        abilities: ['books.read', 'a"b'],
      })
      await keys.add({
        name: 'all',
        prefix: 'lk_def',
        digest: 'd2',
        user,
        expiresAt: undefined,
        abilities: ['*'],
      })
    })
    await expect(
      app.scope(async () => {
        const user = known(await app.make('db.session').findOneOrFail(Owner, 1))
        await keys.add({
          name: 'x',
          prefix: 'lk_lost',
          digest: 'd',
          user,
          expiresAt: undefined,
          abilities: [],
        })
        await app.make('db.session').flush()
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(
      await connection.execute('select name, prefix, digest, user_id from access_key order by id'),
    ).toEqual([
      { name: 'CI', prefix: 'lk_abc', digest: 'd1', user_id: 1 },
      { name: 'all', prefix: 'lk_def', digest: 'd2', user_id: 1 },
    ])

    expect(await find('lk_abc')).toMatchObject({
      prefix: 'lk_abc',
      digest: 'd1',
      user: { id: 1, name: 'Ada' },
      expiresAt: EXPIRES,
      abilities: ['books.read', 'a"b'],
    })
    expect(await find('lk_def')).toMatchObject({ digest: 'd2', expiresAt: undefined, abilities: ['*'] })
    const hostile = [
      'LK_ABC',
      'lk_abç',
      'lk_%',
      'lk_abc ',
      '',
      '\0',
      'lk_abc\0',
      '\ud83d',
      'x'.repeat(1_000_000),
    ]
    for (const prefix of [...hostile, 'lk_lost', 1, null, undefined, { $ne: null }, ['lk_abc']]) {
      expect(await find(prefix), JSON.stringify(prefix)?.slice(0, 40)).toBeUndefined()
    }

    await app.scope(async () => {
      const session = app.make('db.session')
      session.remove(await session.findOneOrFail(AccessKey, { prefix: 'lk_def' }))
    })
    expect(await find('lk_def'), 'in the trash').toBeUndefined()
    await app.scope(async () => {
      const session = app.make('db.session')
      session.remove(await session.findOneOrFail(Owner, 1))
    })
    expect(await find('lk_abc'), 'of a user in the trash').toBeUndefined()
  })
})

test('a model that lacks a property does not compile, and is told by name when it is used', async () => {
  const { app } = await bootLibrary({ models: [Owner] })
  await app.ready(['db'])
  // @ts-expect-error it has a name only
  const wrong = modelApiKeys({ model: Owner })
  await expect(app.scope(() => wrong.find('lk_abc'))).rejects.toMatchObject({
    code: 'LIMBER_AUTH_MODEL',
    message: 'modelApiKeys cannot use its model: Owner has no property "prefix".',
  })
})
