import { KeyedModel } from 'limber/database'
import { Entity, PrimaryKey, Property } from 'limber/database/mapping'
import { describe, expect, test } from 'vitest'
import { everyDatabase } from '../database/support/every-database.ts'
import { bootLibrary } from '../database/support/library-application.ts'

@Entity()
class Reading extends KeyedModel {
  @PrimaryKey({ type: 'bigint' })
  number!: bigint

  @Property()
  takenAt!: Date
}

const placeOf = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')

describe.each(await everyDatabase())('on $title', (database) => {
  test('a date or a large integer out of range is a foreign place, and no error of the database', async () => {
    const { app } = await bootLibrary({ driver: await database.create(), models: [Reading] })
    await app.ready(['db'])
    await app.make('db.connection').schema.create()
    await app.scope(() => {
      app.make('db.session').create(Reading, { number: 7n, takenAt: new Date('2020-01-01T00:00:00Z') })
    })
    const read = (values: unknown) =>
      app.scope(async () => {
        const orderBy = { takenAt: 'asc', number: 'asc' } as const
        const found = app
          .make('db.session')
          .findByCursor(Reading, { first: 5, after: placeOf(values), orderBy })
        return (await found).items.length
      })

    expect(await read(['2019-01-01T00:00:00Z', '1'])).toBe(1)
    expect(await read(['2020-01-01T00:00:00Z', '7'])).toBe(0)
    const foreign = expect.objectContaining({ code: 'LIMBER_INVALID_CURSOR' })
    for (const date of [1e15, 8.64e15, '-000001-01-01T00:00:00Z', '+275760-01-01T00:00:00Z', 'x']) {
      await expect(read([date, '1']), String(date)).rejects.toThrow(foreign)
    }
    for (const number of ['9223372036854775808', '9'.repeat(30), 'x', 1.5, true]) {
      await expect(read(['2019-01-01T00:00:00Z', number]), String(number)).rejects.toThrow(foreign)
    }
  })
})
