/** Properties that cannot be unique among live rows are refused when they are loaded, with what to change. */
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref, types, Unique } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { bootLibrary } from '../support/library-application.ts'

const opening = async (models: readonly Lazy[]) => {
  const { app } = await bootLibrary({ models })
  await app.ready(['db'])
  return app
}

describe('a property that no index can keep unique among live rows', () => {
  it('because its table has no stamp is refused', async () => {
    @Entity({ inheritance: 'tpt' })
    class Vehicle extends Model {
      static override softDelete = true
    }
    @Entity()
    class Car extends Vehicle {
      @Property({ unique: true })
      plate!: string
    }
    await expect(opening([Vehicle, Car])).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_UNIQUE',
      message: 'Car.plate cannot be unique among live rows: deletedAt is in the table of Vehicle.',
      hint: expect.stringContaining('withTrashed'),
    })
  })

  it('because its table has no stamp may cover the trash instead', async () => {
    @Entity({ inheritance: 'tpt' })
    class Vehicle extends Model {
      static override softDelete = true
    }
    @Entity()
    class Car extends Vehicle {
      @Property()
      @Unique({ withTrashed: true })
      plate!: string
    }
    await opening([Vehicle, Car])
  })

  it('because it is checked at the end of the transaction is refused', async () => {
    @Entity()
    @Unique({ properties: ['place'], deferMode: 'deferred' })
    class Turn extends Model {
      static override softDelete = true

      @Property({ type: types.integer })
      place!: number
    }
    await expect(opening([Turn])).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_UNIQUE',
      message: 'Turn.place cannot be unique among live rows: a partial index cannot be deferred.',
    })
  })

  it('because a foreign key refers to it is refused', async () => {
    @Entity()
    class Station extends Model {
      static override softDelete = true

      @Property({ unique: true })
      code!: string
    }
    @Entity()
    class Train extends Model {
      @ManyToOne(() => Station, { ref: true, targetKey: 'code' })
      at!: Ref<Station>
    }
    await expect(opening([Station, Train])).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_UNIQUE',
      message: 'Station.code cannot be unique among live rows: a foreign key refers to it.',
    })
  })
})
