import { KeyedModel, Model, type Session } from 'limber/database'
import {
  Collection,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  PrimaryKeyProp,
  Property,
  type Ref,
} from 'limber/database/mapping'
import { describe, expectTypeOf, test } from 'vitest'

@Entity()
class Writer extends Model {
  @Property()
  name!: string

  @OneToMany(
    () => Novel,
    (novel) => novel.writer,
  )
  novels = new Collection<Novel>(this)
}

@Entity()
class Novel extends Model {
  static override fillable = ['title']

  @Property()
  title!: string

  @ManyToOne(() => Writer, { ref: true })
  writer!: Ref<Writer>
}

@Entity()
class Country extends KeyedModel {
  declare [PrimaryKeyProp]?: 'code'

  @PrimaryKey({ type: 'string' })
  code!: string
}

declare const session: Session

/** Checked by the compiler only: `tsc -b` fails when a line compiles that must not. */
function checkedOnly(_: () => unknown): void {
  // Never called.
}

describe('the statics of a model', () => {
  test('give that model', () => {
    checkedOnly(async () => {
      expectTypeOf(Novel.get(1)).toEqualTypeOf<Promise<Novel | null>>()
      expectTypeOf(Novel.getOrFail(1)).toEqualTypeOf<Promise<Novel>>()
      expectTypeOf(Novel.first()).toEqualTypeOf<Promise<Novel | null>>()
      expectTypeOf(Novel.all(session)).toEqualTypeOf<Promise<Novel[]>>()
      expectTypeOf(Novel.create({ title: 'Emma', writer: 1 })).toEqualTypeOf<Promise<Novel>>()
      const [novel] = await Novel.filter({ title: 'Emma' }, { orderBy: { title: 'asc' }, limit: 3, page: 2 })
      expectTypeOf(novel?.title).toEqualTypeOf<string | undefined>()
      const [read] = await Novel.filter({}, { populate: ['writer'] })
      expectTypeOf(read?.writer.$.name).toEqualTypeOf<string | undefined>()
    })
  })

  test('take its key and its properties only', () => {
    checkedOnly(async () => {
      // @ts-expect-error the key is a number
      await Novel.get('one')
      await Country.get('is')
      // @ts-expect-error the key is a text
      await Country.get(1)
      // @ts-expect-error there is no such property
      await Novel.filter({ tittle: 'Emma' })
      // @ts-expect-error there is no such property
      await Novel.filter({}, { orderBy: { tittle: 'asc' } })
      // @ts-expect-error there is no such relation
      await Novel.filter({}, { populate: ['author'] })
      // @ts-expect-error a novel has a writer
      await Novel.create({ title: 'Emma' })
      // @ts-expect-error a title is a text
      await Novel.create({ title: 1, writer: 1 })
      // @ts-expect-error a session, not an application
      await Novel.all('session')
    })
  })
})

describe('the methods of a model', () => {
  test('chain, and know the properties', () => {
    checkedOnly(async () => {
      const novel = await Novel.getOrFail(1)
      expectTypeOf(await novel.update({ title: 'Persuasion' }).save()).toEqualTypeOf<Novel>()
      expectTypeOf(novel.restore(session)).toEqualTypeOf<Promise<boolean>>()
      // @ts-expect-error a title is a text
      novel.update({ title: 1 })
      // @ts-expect-error there is no such property
      novel.update({ tittle: 'Emma' })
    })
  })
})
