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

@Embeddable()
class Plan {
  @Property()
  title!: string

  @Embedded(() => Stop)
  first!: Stop
}

@Entity()
class Voyage extends Model {
  @Embedded(() => Plan)
  plan!: Plan

  @Embedded(() => Plan, { object: true })
  draft!: Plan
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

    it('keep their foreign keys inside of values of values', async () => {
      await using world = await openWorld(database, [Harbour, Voyage])
      await world.scope(async (session) => {
        const harbour = session.create(Harbour, { name: 'gone' })
        await session.flush()
        const plan = { title: 'x', first: { day: 'Sunday', harbour } }
        session.create(Voyage, { plan, draft: plan })
      })
      await world.scope((session) => session.nativeDelete(Harbour, {}))
      await world.scope(async (session) => {
        const populate = ['plan.first.harbour', 'draft.first.harbour'] as const
        const voyage = await session.findOneOrFail(Voyage, 1, { populate })
        expect([voyage.plan.first.harbour, voyage.draft.first.harbour]).toEqual([null, null])
        voyage.plan.title = 'y'
        voyage.draft.title = 'y'
      })
      await world.scope(async (session) => {
        const { plan, draft } = await session.findOneOrFail(Voyage, 1)
        expect([plan.title, draft.title]).toEqual(['y', 'y'])
        expect([plan.first.harbour?.id, draft.first.harbour?.id]).toEqual([1, 1])
      })
    })
  })
}
