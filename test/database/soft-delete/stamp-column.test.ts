/** The column of `deletedAt`: added, kept, or refused; on every database fine enough to tell operations apart. */
import { defineEntity, p } from '@mikro-orm/core'
import type { Lazy } from 'limber'
import { isTrashed, Model } from 'limber/database'
import { Entity, Property, types } from 'limber/database/mapping'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Author, Edition } from './models.ts'
import { databases, openWorld, type World } from './world.ts'

/** No decorator: a base class without a table. */
abstract class Dated extends Model {
  @Property({ type: types.datetime, nullable: true, fieldName: 'gone_at' })
  deletedAt?: Date | null
}

abstract class SoftBase extends Model {
  static override softDelete = true

  @Property({ unique: true })
  slug!: string
}

@Entity()
class Letter extends Dated {
  static override softDelete = true
}

@Entity()
class Parcel extends SoftBase {
  @Property({ nullable: true })
  weight?: string
}

@Entity()
class Stamp extends Model {
  static override softDelete = true

  @Property({ type: types.datetime, nullable: true, hidden: true, lazy: true })
  deletedAt?: Date | null
}

@Entity()
class Sharp extends Model {
  static override softDelete = true

  @Property({ type: types.datetime, length: 6, nullable: true })
  deletedAt?: Date | null
}

class Crate extends Model {
  static override softDelete = true
  label!: string
}
const CrateSchema = defineEntity({
  class: Crate,
  properties: { id: p.integer().primary(), label: p.string().unique() },
})

class Pallet extends Model {
  static override softDelete = true
  label!: string
  deletedAt?: Date | null
}
const PalletSchema = defineEntity({
  class: Pallet,
  properties: {
    id: p.integer().primary(),
    label: p.string(),
    deletedAt: p.datetime().nullable().fieldName('left_at'),
  },
})

const TYPES = {
  sqlite: 'select type from pragma_table_info(?) where name = ?',
  postgres:
    "select data_type || '(' || datetime_precision || ')' as type from information_schema.columns where table_schema = current_schema() and table_name = ? and column_name = ?",
  mysql:
    'select column_type as type from information_schema.columns where table_schema = schema() and table_name = ? and column_name = ?',
}

const EXPECTED = {
  sqlite: () => 'datetime',
  postgres: (digits: number) => `timestamp with time zone(${digits})`,
  mysql: (digits: number) => `datetime(${digits})`,
}

const typeOf = async ({ sql, dialect }: World, table: string, column: string) =>
  (await sql(TYPES[dialect], [table, column])).map(({ type }) => type)

const lazily =
  (model: object): Lazy =>
  async () => ({ model })

for (const database of await databases()) {
  const open = async (...models: Lazy[]) => {
    // What is listed is a class or the import of one, as in config/app.ts.
    const world = await openWorld(database, models as never)
    onTestFinished(() => world[Symbol.asyncDispose]())
    return world
  }
  /** Trashes the one row of a model, and tells what memory and the database say of it. */
  const trash = async (world: World, model: typeof Letter | typeof Parcel | typeof Stamp, data: object) => {
    await world.scope((session) => void session.create(model, data as never))
    return world.scope(async (session) => {
      const row = await session.findOneOrFail(model, 1)
      session.remove(row)
      await session.flush()
      expect(await session.count(model)).toBe(0)
      return row.deletedAt as Date | undefined
    })
  }

  describe(`deletedAt on ${database.title}`, () => {
    it('is added with milliseconds where the class does not declare it', async () => {
      const world = await openWorld(database)
      onTestFinished(() => world[Symbol.asyncDispose]())
      for (const table of ['author', 'tag', 'person', 'chapter']) {
        expect(await typeOf(world, table, 'deleted_at')).toEqual([EXPECTED[world.dialect](3)])
      }
      await world.scope((session) => void session.create(Author, { name: 'x' }))
      const before = Date.now()
      await world.scope((session) => session.nativeDelete(Author, {}))
      const stamp = await world.scope(async (session) =>
        Reflect.get(await session.findOneOrFail(Author, 1, { withTrashed: true }), 'deletedAt'),
      )
      expect(stamp).toBeInstanceOf(Date)
      expect(Number(stamp)).toBeGreaterThanOrEqual(before)
    })

    it('that is declared keeps its column, its type and its precision', async () => {
      const world = await openWorld(database)
      onTestFinished(() => world[Symbol.asyncDispose]())
      expect(await typeOf(world, 'edition', 'withdrawn_at')).toEqual([EXPECTED[world.dialect](6)])
      expect(await typeOf(world, 'edition', 'deleted_at')).toEqual([])
      await world.scope((session) => void session.create(Edition, { isbn: 'a', number: 1, publisher: 'p' }))
      await world.scope((session) => session.nativeDelete(Edition, {}))
      expect(await world.trashed('edition', 'isbn')).toEqual(['a'])
    })

    it('that says nothing of its precision gets milliseconds at least', async () => {
      const world = await open(Letter, Sharp)
      const digits = world.dialect === 'postgres' ? 6 : 3
      expect(await typeOf(world, 'letter', 'gone_at')).toEqual([EXPECTED[world.dialect](digits)])
      expect(await typeOf(world, 'sharp', 'deleted_at')).toEqual([EXPECTED[world.dialect](6)])
    })

    it('that a base class without a table declares is that of its models', async () => {
      const world = await open(Letter)
      expect(await typeOf(world, 'letter', 'deleted_at')).toEqual([])
      const stamp = await trash(world, Letter, {})
      const [row] = await world.sql('select count(*) as n from letter where gone_at is not null')
      expect(Number(row?.n)).toBe(1)
      expect(stamp).toBeInstanceOf(Date)
    })

    it('is added below a base class that is soft-deleted, with its unique properties among live rows', async () => {
      const world = await open(Parcel)
      expect(await typeOf(world, 'parcel', 'deleted_at')).toEqual([EXPECTED[world.dialect](3)])
      await trash(world, Parcel, { slug: 'x' })
      await world.scope((session) => void session.create(Parcel, { slug: 'x' }))
      await expect(
        world.scope((session) => void session.create(Parcel, { slug: 'x' })),
      ).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION', key: { properties: ['slug'] } })
    })

    it('that is lazy is loaded all the same, and hidden it stays out of JSON', async () => {
      const world = await open(Stamp)
      await trash(world, Stamp, {})
      await world.scope(async (session) => {
        const stamp = await session.findOneOrFail(Stamp, 1, { withTrashed: true })
        expect(isTrashed(stamp)).toBe(true)
        expect(JSON.parse(JSON.stringify(stamp))).toEqual({ id: 1 })
      })
    })

    it('works with models that are schemas', async () => {
      const world = await open(lazily(CrateSchema), lazily(PalletSchema))
      expect(await typeOf(world, 'crate', 'deleted_at')).toEqual([EXPECTED[world.dialect](3)])
      expect(await typeOf(world, 'pallet', 'left_at')).toEqual([
        EXPECTED[world.dialect](world.dialect === 'postgres' ? 6 : 3),
      ])
      await world.scope((session) => {
        session.create(Crate, { id: 1, label: 'x' })
        session.create(Pallet, { id: 1, label: 'x' })
      })
      await world.scope(async (session) => {
        session.remove(await session.findOneOrFail(Crate, 1))
        await session.nativeDelete(Pallet, { label: 'x' })
      })
      await world.scope((session) => void session.create(Crate, { id: 2, label: 'x' }))
      expect(await world.live('crate')).toEqual([2])
      expect(await world.trashed('crate')).toEqual([1])
    })

    it('is the same in two applications of one process that share the class', async () => {
      const [north, south] = [await open(Letter, Parcel), await open(Letter, Parcel)]
      for (const world of [north, south]) {
        expect(await typeOf(world, 'letter', 'gone_at')).toHaveLength(1)
        expect(await typeOf(world, 'parcel', 'deleted_at')).toEqual([EXPECTED[world.dialect](3)])
      }
      await trash(north, Parcel, { slug: 'x' })
      expect(await south.sql('select * from parcel')).toEqual([])
      await trash(south, Parcel, { slug: 'x' })
      for (const world of [north, south]) expect(await world.trashed('parcel', 'slug')).toEqual(['x'])
    })

    describe('is refused', () => {
      const refusal = async (model: Lazy) => {
        const error = await open(model).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(error).toMatchObject({
          code: 'LIMBER_SOFT_DELETE_STAMP',
          kind: 'invalid',
          hint: expect.stringContaining('nullable: true'),
        })
        return error instanceof Error ? error.message : ''
      }

      it('when it is not nullable', async () => {
        @Entity()
        class Never extends Model {
          static override softDelete = true

          @Property({ type: types.datetime, length: 3 })
          deletedAt!: Date
        }
        expect(await refusal(Never)).toBe(
          'Never.deletedAt cannot tell when a row was trashed: it is not nullable.',
        )
      })

      it('when its type is no date with a time', async () => {
        @Entity()
        class Daily extends Model {
          static override softDelete = true

          @Property({ type: types.date, nullable: true })
          deletedAt?: string | null
        }
        expect(await refusal(Daily)).toMatch(/Daily\.deletedAt .* its type is string, and not Date/)
      })

      it('when it is a flag', async () => {
        @Entity()
        class Flagged extends Model {
          static override softDelete = true

          @Property({ type: types.boolean, nullable: true })
          deletedAt?: boolean | null
        }
        expect(await refusal(Flagged)).toMatch(/its type is boolean/)
      })

      it('when it is no column', async () => {
        @Entity()
        class Virtual extends Model {
          static override softDelete = true

          @Property({ type: types.datetime, nullable: true, persist: false })
          deletedAt?: Date | null
        }
        expect(await refusal(Virtual)).toMatch(/it is no column/)
      })

      it('when its column has whole seconds only', async () => {
        @Entity()
        class Coarse extends Model {
          static override softDelete = true

          @Property({ type: types.datetime, length: 0, nullable: true })
          deletedAt?: Date | null
        }
        // SQLite keeps the number that it is given, whatever the length says.
        if (database.title === 'SQLite') await open(Coarse)
        else expect(await refusal(Coarse)).toMatch(/its column is \S+, which has no milliseconds/)
      })
    })
  })
}
