/** Every kind of change is seen once, applied, taken back and applied again over rows with children, on each database. */
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import {
  Check,
  Entity,
  Enum,
  Index,
  ManyToOne,
  Property,
  type Ref,
  types,
  Unique,
} from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { lastingDatabases, NOTHING, project } from './project.ts'

abstract class AnyShelf extends Model {
  @Property({ length: 50 })
  label!: string

  @Property({ type: types.integer })
  places!: number

  @Enum({ items: () => ['oak', 'ash'] })
  wood!: string

  @Property({ nullable: true })
  note?: string | null
}

@Entity({ tableName: 'shelf' })
class Shelf extends AnyShelf {}

@Entity({ tableName: 'folio' })
class Folio extends Model {
  @ManyToOne(() => Shelf, { ref: true, deleteRule: 'cascade' })
  shelf!: Ref<Shelf>
}

@Entity({ tableName: 'shelf' })
class WithRoom extends AnyShelf {
  @Property({ nullable: true })
  room?: string
}

@Entity({ tableName: 'shelf' })
class WithDefault extends AnyShelf {
  @Property({ default: `it's "here"` })
  room!: string
}

@Entity({ tableName: 'shelf' })
class WithColumns extends AnyShelf {
  @Property({ default: 1.5, type: types.decimal, precision: 8, scale: 2 })
  price!: string

  @Property({ default: true, type: types.boolean })
  isOpen!: boolean

  @Property({ type: types.json, nullable: true })
  facts?: object

  @Property({ type: types.datetime, defaultRaw: 'current_timestamp' })
  since!: Date
}

@Entity({ tableName: 'shelf' })
class Wider extends Model {
  @Property({ length: 200 })
  label!: string

  @Property({ type: types.bigint })
  places!: bigint

  @Enum({ items: () => ['oak', 'ash'] })
  wood!: string

  @Property({ nullable: true })
  note?: string | null
}

@Entity({ tableName: 'shelf' })
class MoreKinds extends Model {
  @Property({ length: 50 })
  label!: string

  @Property({ type: types.integer })
  places!: number

  @Enum({ items: () => ['oak', 'ash', 'elm'] })
  wood!: string

  @Property({ nullable: true })
  note?: string | null
}

@Entity({ tableName: 'shelf' })
class Looser extends Model {
  @Property({ length: 50, nullable: true })
  label?: string | null

  @Property({ type: types.integer, nullable: true })
  places?: number | null

  @Enum({ items: () => ['oak', 'ash'] })
  wood!: string

  @Property({ default: 'none' })
  note!: string
}

@Entity({ tableName: 'shelf' })
class Indexed extends Model {
  @Property({ length: 50, unique: true })
  label!: string

  @Property({ type: types.integer, index: true })
  places!: number

  @Enum({ items: () => ['oak', 'ash'] })
  wood!: string

  @Property({ nullable: true })
  note?: string | null
}

@Entity({ tableName: 'shelf' })
@Index({ properties: ['label', 'places'] })
@Unique({ properties: ['wood', 'label'] })
class Composed extends AnyShelf {}

@Entity({ tableName: 'shelf' })
@Check({ name: 'shelf_has_places', expression: 'places > 0' })
class Checked extends AnyShelf {}

@Entity({ tableName: 'shelf' })
class Soft extends AnyShelf {
  static override softDelete = true

  @Property({ length: 20, unique: true, nullable: true })
  code?: string
}

@Entity({ tableName: 'shelf' })
class Above extends AnyShelf {
  @ManyToOne(() => Above, { ref: true, nullable: true, deleteRule: 'set null' })
  above?: Ref<Above>
}

@Entity({ tableName: 'shelf' })
class Poorer extends Model {
  @Property({ length: 50 })
  label!: string

  @Property({ type: types.integer })
  places!: number

  @Enum({ items: () => ['oak', 'ash'] })
  wood!: string
}

@Entity({ tableName: 'room' })
class Room extends Model {
  @ManyToOne(() => Shelf, { ref: true })
  shelf!: Ref<Shelf>

  @Property({ type: types.text })
  story!: string
}

const folioOf = (shelf: Lazy, deleteRule = 'cascade') => {
  @Entity({ tableName: 'folio' })
  class AnyFolio extends Model {
    @ManyToOne((() => shelf) as () => typeof Shelf, { ref: true, deleteRule })
    shelf!: Ref<Shelf>
  }
  return AnyFolio
}

const on = (shelf: Lazy) => [shelf, folioOf(shelf)]

const CHANGES: readonly (readonly [string, readonly Lazy[]])[] = [
  ['a new column', on(WithRoom)],
  ['a new column with a default', on(WithDefault)],
  ['new columns of several types', on(WithColumns)],
  ['wider types', on(Wider)],
  ['an enum with one more', on(MoreKinds)],
  ['nullability and defaults', on(Looser)],
  ['an index and a unique column', on(Indexed)],
  ['indexes over several columns', on(Composed)],
  ['a check', on(Checked)],
  ['soft delete with a unique column', on(Soft)],
  ['a foreign key to itself', on(Above)],
  ['another rule of a foreign key', [Shelf, folioOf(Shelf, 'restrict')]],
  ['a column less', on(Poorer)],
  ['a new table', [Shelf, Folio, Room]],
  ['a table less', [Shelf]],
]

const ROWS = 'select id, label, places, wood from shelf order by id'
const FILL = [
  "insert into shelf (id, label, places, wood, note) values (1, 'A', 3, 'oak', 'n'), (2, 'B', 4, 'ash', 'm'), (3, 'C', 5, 'oak', 'o')",
  'insert into folio (id, shelf_id) values (1, 1), (2, 1), (3, 2)',
]

const isShort = process.env.CI !== undefined && process.env.LIMBER_TEST_DEEP !== '1'

/** In CI each change goes to one of the two servers, which take their time; to a file it goes always. */
function changesFor(title: string) {
  if (!isShort || title.startsWith('SQLite')) return CHANGES
  const turn = title === 'MariaDB' ? 1 : 0
  return CHANGES.filter((_, index) => index % 2 === turn)
}

for (const { title, create } of await lastingDatabases()) {
  describe(`${title}: a change of the models`, () => {
    it.each(changesFor(title))(
      '%s: is seen once, and goes forth and back over rows',
      async (what, models) => {
        const { command, sql, files } = project(await create())
        const base = [Shelf, Folio]
        await command(base, 'makemigrations', '-m', 'create')
        await command(base, 'migrate')
        for (const statement of FILL) await sql(statement)
        const rows = (await sql(ROWS)).map((row) => ({ ...row, places: Number(row.places) }))
        const children = await sql('select id, shelf_id from folio order by id')

        const said = await command(models, 'makemigrations', '-m', what)
        expect(said).toMatch(/^Wrote/)
        await command(models, 'migrate')
        expect(await command(models, 'makemigrations', '-m', 'again')).toBe(NOTHING)
        const now = async () => (await sql(ROWS)).map((row) => ({ ...row, places: Number(row.places) }))
        expect(await now()).toEqual(rows)
        if (models.length > 1)
          expect(await sql('select id, shelf_id from folio order by id')).toEqual(children)

        await command(models, 'rollback')
        expect(await now()).toEqual(rows)
        await command(models, 'migrate')
        expect(await now()).toEqual(rows)
        expect(files()).toHaveLength(2)
        const verified: unknown = JSON.parse(await command(models, 'verify', '--json'))
        expect(verified).toMatchObject({ migrations: [{ state: 'restores' }, { state: 'restores' }] })
      },
    )
  })
}
