/** What soft deletes take for granted of the reads, the builders and the statements of MikroORM, on the ORM alone. */
import {
  getOnConflictFields,
  helper,
  OptimisticLockError,
  QueryFlag,
  QueryHelper,
  raw,
} from '@mikro-orm/core'
import { describe, expect, it } from 'vitest'
import { BareJar, BareShelf, openBare, watch } from './support/bare-orm.ts'

describe('query builders', () => {
  it('have the state that guards look at', async () => {
    const { em } = await openBare()
    const builder = em.createQueryBuilder(BareShelf, 's').leftJoin('s.jars', 'j').limit(1)
    const { state, mainAlias } = builder.select('*')
    const known = ['type', 'joins', 'limit', 'orderBy', 'groupBy', 'ctes', 'aliases', 'finalized']
    expect(Object.keys(state)).toEqual(expect.arrayContaining(known))
    expect(mainAlias).toMatchObject({ aliasName: 's', meta: { class: BareShelf } })
    builder.getNativeQuery()
    expect(state.finalized).toBe(true)
  })

  it('ask clones of their own for pages and counts', async () => {
    const { em } = await openBare()
    const page = em.createQueryBuilder(BareShelf, 's').leftJoin('s.jars', 'j').limit(1)
    const pages = watch(page, 'clone')
    page.getNativeQuery()
    expect(pages).not.toEqual([])
    const all = em.createQueryBuilder(BareShelf).select('*')
    const counts = watch(all, 'clone')
    expect(await all.getCount()).toBe(2)
    expect(counts).not.toEqual([])
  })

  it('run by execute, and tell their SQL by toQuery', async () => {
    const { em } = await openBare()
    const builder = () => em.createQueryBuilder(BareJar).where({ id: 1 })
    for (const name of ['getResult', 'getResultList', 'getSingleResult'] as const) {
      const own = builder()
      const runs = watch(own, 'execute')
      await own[name]()
      expect(runs, name).toHaveLength(1)
    }
    for (const name of ['getQuery', 'getParams', 'getFormattedQuery'] as const) {
      const own = builder()
      const texts = watch(own, 'toQuery')
      own[name]()
      expect(texts, name).toHaveLength(1)
    }
  })

  it('take every condition by where, and tell the path of joins that a condition needs', async () => {
    const { em } = await openBare()
    const builder = em.createQueryBuilder(BareJar)
    const conditions = watch(builder, 'where')
    const joins = watch(builder, 'join')
    builder.andWhere({ shelf: { name: 'upper' } }).orWhere({ id: 1 })
    expect(conditions).toHaveLength(2)
    builder.getNativeQuery()
    expect(joins.map((args) => args[4])).toEqual([expect.any(String)])
    const deleting = em.createQueryBuilder(BareJar)
    const deleted = watch(deleting, 'where')
    deleting.delete({ shelf: { name: 'upper' } })
    expect(deleted).toHaveLength(1)
    expect(deleting.hasFlag(QueryFlag.DELETE_SUB_QUERY)).toBe(true)
  })

  it('take no comment once they are compiled, and an empty list adds none', async () => {
    const { em } = await openBare()
    const builder = em.createQueryBuilder(BareJar)
    const sql = em.createQueryBuilder(BareJar).getQuery()
    expect(builder.comment([]).getQuery()).toBe(sql)
    expect(() => builder.comment([])).toThrow()
  })

  it('give columns when they are asked to map nothing, and take SQL as the key of a condition', async () => {
    const { em } = await openBare()
    const query = em
      .getDriver()
      .createQueryBuilder<BareJar>(BareJar)
      .select([raw('shelf_id')])
    query.where({ [raw('(id) in ((?), (?))', [1, 2])]: [] })
    expect(await query.execute('all', false)).toEqual([{ shelf_id: 1 }, { shelf_id: 1 }])
  })
})

describe('reads', () => {
  it('ask for the conditions of joins, and merge rows by EntityFactory.create', async () => {
    const { em } = await openBare()
    const filters = watch(em, 'getJoinedFilters')
    const rows = watch(em.getEntityFactory(), 'create')
    await em.find(BareShelf, {}, { populate: ['jars'], strategy: 'joined' })
    expect(filters).not.toEqual([])
    expect(rows[0]?.slice(0, 2)).toEqual([BareShelf, expect.objectContaining({ id: 1, name: 'upper' })])
  })

  it('ask the cache with the options in the third place of its key, and fill it by the same key', async () => {
    const { em } = await openBare()
    const asked = watch(em, 'tryCache')
    const stored = watch(em, 'storeCache')
    await em.find(BareJar, { id: 1 }, { cache: 50, orderBy: { id: 1 } })
    expect(Reflect.get(asked[0]?.[2] as object, 2)).toMatchObject({ orderBy: { id: 1 } })
    expect(stored.at(-1)?.[1]).toMatchObject({ key: expect.any(String) })
  })

  it('put the filters of the relation before those of the query', () => {
    const merged = QueryHelper.mergePropertyFilters({ inner: true }, { outer: true })
    expect(Object.keys(merged as object)).toEqual(['inner', 'outer'])
  })

  it('join rows by builders that convert no types, unlike those of an application', async () => {
    const { em } = await openBare()
    const builders = watch(em.getDriver(), 'createQueryBuilder')
    em.createQueryBuilder(BareJar)
    await em.count(BareJar, { shelf: { name: 'upper' } })
    expect(builders.map((args) => args[3])).toEqual([true, false])
  })
})

describe('a driver', () => {
  it('updates and reads past the filters of models, and tells how many rows it has met', async () => {
    const { em } = await openBare()
    const driver = em.getDriver()
    const result = await driver.nativeUpdate(BareJar, { id: { $in: [1, 3] } }, { label: 'jam' })
    expect(result.affectedRows).toBe(2)
    await driver.nativeUpdate(BareJar, { id: 3 }, { label: '' })
    expect(await driver.find(BareJar, { id: 3 })).toEqual([expect.objectContaining({ id: 3 })])
    expect((await driver.nativeDelete(BareJar, { id: 3 })).affectedRows).toBe(1)
  })

  it('upserts by a conflict that is written in SQL, and tells which columns it writes', async () => {
    const { em } = await openBare()
    const row = { name: 'upper' }
    const options = { upsert: true, onConflictFields: raw('(name)'), onConflictAction: 'ignore' as const }
    await em.getDriver().nativeUpdate(BareShelf, row, row, options)
    await em.getDriver().nativeUpdateMany(BareShelf, [row], [row], options)
    expect(await em.count(BareShelf)).toBe(2)
    const meta = em.getMetadata().get(BareShelf)
    expect(getOnConflictFields(meta, { id: 1, name: 'upper' }, ['id'], {})).toEqual(['name'])
  })

  it('upserts many rows by calling the manager again for each batch', async () => {
    const { em } = await openBare()
    const calls = watch(em, 'upsertMany')
    await em.upsertMany(BareShelf, [{ name: 'a' }, { name: 'b' }, { name: 'c' }], { batchSize: 2 })
    expect(calls).toHaveLength(3)
  })
})

describe('a flush that removes', () => {
  it('knows everything that it deletes at its first delete, and keeps what is removed on its stack', async () => {
    const { em } = await openBare()
    const work = em.getUnitOfWork()
    for (const jar of await em.find(BareJar, {})) em.remove(jar)
    em.remove(await em.findOneOrFail(BareShelf, 1))
    expect(work.getRemoveStack().size).toBe(3)
    expect(work.getOrphanRemoveStack().size).toBe(0)
    const seen: number[] = []
    const persister = work.getChangeSetPersister()
    const run = persister.executeDeletes.bind(persister)
    persister.executeDeletes = (...args) => {
      seen.push(work.getChangeSets().length)
      return run(...args)
    }
    await em.flush()
    expect(seen[0]).toBe(3)
  })

  it('tells of a stale version by lockFailed', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1)
    expect(OptimisticLockError.lockFailed(jar)).toMatchObject({ name: 'OptimisticLockError' })
  })
})

describe('memory', () => {
  it('lets a snapshot be corrected in place', async () => {
    const { em } = await openBare()
    const { jars } = await em.findOneOrFail(BareShelf, 1, { populate: ['jars'] })
    jars.getSnapshot()?.splice(0, 1)
    expect(jars.getSnapshot()).toHaveLength(1)
    expect(jars.isDirty()).toBe(false)
  })

  it('takes back an edit by hydrating the value that the row has', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1)
    jar.label = 'jam'
    const { __meta: meta } = helper(jar)
    em.getHydrator().hydrate(jar, meta, { label: 'plums' }, em.getEntityFactory(), 'full', false, true)
    expect(jar.label).toBe('plums')
  })
})

describe('metadata', () => {
  it('is given to onMetadata before columns are worked out, and to afterDiscovered when it is complete', async () => {
    const seen: [string, boolean][] = []
    await openBare({
      onMetadata: (meta) => void seen.push([meta.className, meta.root !== undefined]),
      afterDiscovered: (models) => {
        for (const meta of models) seen.push([meta.className, meta.root !== undefined])
      },
    })
    expect(seen.filter(([name]) => name === 'BareJar')).toHaveLength(2)
  })

  it('tells both ends of a foreign key in the same order, and what refers to a model', async () => {
    const { em } = await openBare()
    const { properties } = em.getMetadata().get(BareJar)
    const { joinColumns, referencedColumnNames } = properties.shelf
    expect([joinColumns, referencedColumnNames]).toEqual([['shelf_id'], ['id']])
    expect(
      em
        .getMetadata()
        .get(BareShelf)
        .uniqueProps.map(({ name }) => name),
    ).toEqual(['name'])
  })
})
