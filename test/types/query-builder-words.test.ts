import { Model, type Session } from 'limber/database'
import { Collection, Entity, ManyToOne, OneToMany, Property, type Ref } from 'limber/database/mapping'
import { describe, expectTypeOf, test } from 'vitest'

@Entity()
class Writer extends Model {
  static override softDelete = true

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
  static override softDelete = true

  @Property()
  title!: string

  @ManyToOne(() => Writer, { ref: true })
  writer!: Ref<Writer>
}

declare const session: Session

/** Checked by the compiler only: `tsc -b` fails when a line compiles that must not. */
function checkedOnly(_: () => unknown): void {
  // Never called.
}

describe('the words of a query builder', () => {
  test('are there on the builders that a session gives', () => {
    checkedOnly(() => {
      session.createQueryBuilder(Novel).withTrashed()
      session.createQueryBuilder(Novel, 'n').onlyTrashed()
      session.qb(Novel).force()
      session.qb(Novel, 'n').withTrashed().onlyTrashed().force()
    })
  })

  test('are there after every step', () => {
    checkedOnly(() => {
      session.qb(Novel).select('*').withTrashed()
      session.qb(Novel, 'n').select(['n.title']).where({ 'n.title': 'Emma' }).onlyTrashed()
      session.qb(Novel, 'n').leftJoinAndSelect('n.writer', 'w').withTrashed()
      session.qb(Novel).count().withTrashed()
      session.qb(Novel).delete().force()
      session.qb(Novel).delete({ title: 'Emma' }).onlyTrashed()
      session.qb(Novel).update({ title: 'Emma' }).withTrashed().where({ id: 1 })
      session.qb(Novel).clone().withTrashed().limit(1)
    })
  })

  test('keep what the builder knows of its result', () => {
    checkedOnly(async () => {
      const [novel] = await session.qb(Novel).select('*').withTrashed().getResultList()
      expectTypeOf(novel?.title).toEqualTypeOf<string | undefined>()
      const one = await session.qb(Novel, 'n').select(['n.title']).onlyTrashed().execute('get')
      expectTypeOf(one.title).toEqualTypeOf<string>()
      const joined = await session
        .qb(Novel, 'n')
        .select('*')
        .leftJoinAndSelect('n.writer', 'w')
        .withTrashed()
        .getSingleResult()
      expectTypeOf(joined?.writer.$.name).toEqualTypeOf<string | undefined>()
      session.qb(Novel, 'n').leftJoin('n.writer', 'w').withTrashed().where({ 'w.name': 'Jane' })
      // @ts-expect-error the builder knows which properties there are
      session.qb(Novel).withTrashed().where({ titel: 'Emma' })
    })
  })

  test('take nothing', () => {
    checkedOnly(() => {
      // @ts-expect-error they are words, and no switches
      session.qb(Novel).withTrashed(true)
      // @ts-expect-error they are words, and no switches
      session.qb(Novel).force(true)
      // @ts-expect-error the trash is never shown by a misspelling
      session.qb(Novel).withTrash()
    })
  })
})
