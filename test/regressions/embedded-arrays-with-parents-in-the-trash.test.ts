/** Values in one column that refer to the trash: arrays failed or showed it, and an edit of the value lost the foreign key. */
import { Model } from 'limber/database'
import { Embeddable, Embedded, Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { STRATEGIES } from '../database/soft-delete/describe-path.ts'
import { databases, openWorld } from '../database/soft-delete/world.ts'

@Entity()
class Harbour extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Embeddable()
class Stop {
  @Property()
  day!: string

  @ManyToOne(() => Harbour, { ref: true, nullable: true })
  harbour?: Ref<Harbour> | null
}

@Entity()
class Cruise extends Model {
  @Embedded(() => Stop, { array: true })
  stops: Stop[] = []

  @Embedded(() => Stop, { object: true })
  home!: Stop
}

for (const database of await databases()) {
  describe(`values in one column that refer to the trash on ${database.title}`, () => {
    it('show null there, and keep their foreign keys when they are edited', async () => {
      await using world = await openWorld(database, [Harbour, Cruise])
      await world.scope(async (session) => {
        const [gone, here] = [
          session.create(Harbour, { name: 'gone' }),
          session.create(Harbour, { name: 'here' }),
        ]
        await session.flush()
        const stops = [
          { day: 'Monday', harbour: gone },
          { day: 'Tuesday', harbour: here },
        ]
        session.create(Cruise, { stops, home: { day: 'Sunday', harbour: gone } })
      })
      await world.scope((session) => session.nativeDelete(Harbour, { name: 'gone' }))
      // The type of the ORM has no paths through arrays.
      const populate = ['stops.harbour', 'home.harbour'] as never[]
      const names = ({ stops, home }: Cruise) =>
        [...stops, home].map(({ harbour }) => harbour?.unwrap().name ?? null)
      for (const strategy of STRATEGIES) {
        for (const withTrashed of [false, true]) {
          await world.scope(async (session) => {
            if (withTrashed) await session.find(Harbour, {}, { withTrashed })
            const cruise = await session.findOneOrFail(Cruise, 1, { populate, strategy })
            expect(names(cruise)).toEqual([null, 'here', null])
            for (const stop of [...cruise.stops, cruise.home]) stop.day = strategy
            await session.flush()
            expect(names(cruise)).toEqual([null, 'here', null])
          })
          await world.scope(async (session) => {
            const cruise = await session.findOneOrFail(Cruise, 1, { populate, strategy, withTrashed: true })
            expect(names(cruise)).toEqual(['gone', 'here', 'gone'])
            expect(cruise.home.day).toBe(strategy)
          })
        }
      }
    })
  })
}
