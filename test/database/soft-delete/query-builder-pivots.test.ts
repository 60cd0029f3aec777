/** A table between that is soft-deleted itself. */
import { KeyedModel, Model } from 'limber/database'
import {
  Collection,
  Entity,
  ManyToMany,
  ManyToOne,
  PrimaryKeyProp,
  Property,
  type Ref,
} from 'limber/database/mapping'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { trash } from './shelf.ts'
import { databases, openWorld, type World } from './world.ts'

@Entity()
class Reader extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @ManyToMany({ entity: () => Club, pivotEntity: () => Membership })
  clubs = new Collection<Club>(this)
}

@Entity()
class Club extends Model {
  static override softDelete = true

  @Property()
  name!: string
}

@Entity()
class Membership extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: ['reader', 'club']

  @ManyToOne(() => Reader, { primary: true, ref: true })
  reader!: Ref<Reader>

  @ManyToOne(() => Club, { primary: true, ref: true })
  club!: Ref<Club>
}

for (const database of await databases()) {
  describe(`a table between that is soft-deleted, on ${database.title}`, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database, [Reader, Club, Membership])
    })
    beforeEach(async () => {
      await world.clear()
      await world.sql("insert into reader (name) values ('Ada')")
      for (const name of ['chess', 'rowing']) await world.sql(`insert into club (name) values ('${name}')`)
      for (const id of [1, 2])
        await world.sql(`insert into membership (reader_id, club_id) values (1, ${id})`)
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const clubs = () =>
      world.scope(async (session) => {
        const [reader] = await session
          .qb(Reader, 'r')
          .select('*')
          .leftJoinAndSelect('r.clubs', 'c')
          .getResultList()
        return reader?.clubs
          .getItems()
          .map(({ name }) => name)
          .sort()
      })

    it('joins live rows of it only', async () => {
      expect(await clubs()).toEqual(['chess', 'rowing'])
      await world.sql("update membership set deleted_at = '2020-01-02 03:04:05.678' where club_id = 1")
      expect(await clubs()).toEqual(['rowing'])
      await trash(world, 'club', 2)
      expect(await clubs()).toEqual([])
    })

    it('meets conditions on keys with live rows of it only', async () => {
      const count = (id: number) =>
        world.scope((session) =>
          session
            .qb(Reader)
            .where({ clubs: id } as never)
            .getCount(),
        )
      expect(await count(1)).toBe(1)
      await world.sql("update membership set deleted_at = '2020-01-02 03:04:05.678' where club_id = 1")
      expect(await count(1)).toBe(0)
      expect(await count(2)).toBe(1)
    })

    it('is trashed by a builder of its own', async () => {
      const result = await world.scope((session) => session.qb(Membership).delete({ club: 1 }).execute())
      expect(result.affectedRows).toBe(1)
      expect(await clubs()).toEqual(['rowing'])
      expect(await world.sql('select * from membership')).toHaveLength(2)
    })
  })
}
