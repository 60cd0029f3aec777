/** A relation inside an embedded value, to a row in the trash, made populating it fail. */
import { Model } from 'limber/database'
import { Embeddable, Embedded, Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { STRATEGIES } from '../database/soft-delete/describe-path.ts'
import { databases, openWorld } from '../database/soft-delete/world.ts'

@Entity()
class Town extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Embeddable()
class Address {
  @Property()
  street!: string

  @ManyToOne(() => Town, { ref: true, nullable: true })
  town?: Ref<Town> | null
}

@Entity()
class House extends Model {
  @Property()
  name!: string

  @Embedded(() => Address)
  address!: Address
}

for (const database of await databases()) {
  describe(`a relation of an embedded value on ${database.title}`, () => {
    it('reads as null when its row is in the trash, and keeps its foreign key', async () => {
      await using world = await openWorld(database, [House, Town])
      await world.scope(async (session) => {
        for (const name of ['gone', 'here']) {
          const town = session.create(Town, { name })
          await session.flush()
          session.create(House, { name, address: { street: 'x', town } })
        }
      })
      await world.scope((session) => session.nativeDelete(Town, { name: 'gone' }))
      const towns = (houses: House[]) => houses.map(({ address }) => address.town?.unwrap().name ?? null)
      for (const strategy of STRATEGIES) {
        const options = { populate: ['address.town'], strategy, orderBy: { id: 'asc' } } as const
        await world.scope(async (session) => {
          const houses = await session.find(House, {}, options)
          expect(towns(houses)).toEqual([null, 'here'])
          for (const house of houses) house.address.street = strategy
        })
        await world.scope(async (session) => {
          const houses = await session.find(House, {}, { orderBy: { id: 'asc' } })
          await session.populate(houses, ['address.town'])
          expect(towns(houses)).toEqual([null, 'here'])
        })
        await world.scope(async (session) => {
          expect(towns(await session.find(House, {}, { ...options, withTrashed: true }))).toEqual([
            'gone',
            'here',
          ])
        })
        const rows = await world.sql(
          'select address_town_id as town, address_street as street from house order by id',
        )
        expect(rows).toEqual([
          { town: 1, street: strategy },
          { town: 2, street: strategy },
        ])
      }
    })
  })
}
