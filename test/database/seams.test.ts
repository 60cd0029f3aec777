/**
 * What the framework takes for granted of MikroORM beyond its public contract, on the ORM alone. A new version that fails
 * here would break what is named, silently.
 */
import { ChangeSetType, helper, MetadataStorage, Reference, ref } from '@mikro-orm/core'
import { DatabaseSchema, QueryBuilder, SchemaComparator, type SqlSchemaGenerator } from '@mikro-orm/sql'
import { describe, expect, it } from 'vitest'
import { BareJar, BareShelf, openBare, watch } from './support/bare-orm.ts'
import { SEAMS } from './support/seams.ts'

describe.each(SEAMS)('$owner.name, for $where', ({ owner, where, methods }) => {
  it.each(Object.entries(methods))('has %s with %i parameters', (name, count) => {
    const method: unknown = Reflect.get(owner.prototype, name)
    const seam = `${owner.name}.prototype.${name}`
    expect(
      typeof method,
      `MikroORM has no ${seam} any more; src/database/${where} replaces or calls it`,
    ).toBe('function')
    const message = `${seam} takes other parameters than it did: see how src/database/${where} uses it`
    expect(typeof method === 'function' && method.length, message).toBe(count)
  })
})

describe('a flush that removes', () => {
  it('hands every DELETE to executeDeletes, and lets go of each entity by unsetIdentity', async () => {
    const { em } = await openBare()
    const work = em.getUnitOfWork()
    const deletes = watch(work.getChangeSetPersister(), 'executeDeletes')
    const unset = watch(work, 'unsetIdentity')
    const [first, second] = await em.find(BareJar, {}, { orderBy: { id: 1 } })
    for (const jar of [first, second]) if (jar) em.remove(jar)
    await em.flush()
    // It calls itself again for each schema; what replaces it decides before.
    expect(deletes[0]).toEqual([
      [
        expect.objectContaining({ type: ChangeSetType.DELETE, entity: first }),
        expect.objectContaining({ type: ChangeSetType.DELETE, entity: second }),
      ],
      expect.objectContaining({ ctx: expect.anything() }),
    ])
    expect(deletes.slice(1).map((args) => args[2])).toEqual([true])
    expect(unset.map(([entity]) => entity)).toEqual([first, second])
  })

  it('deletes early, also by executeDeletes, what a new entity takes the unique value of', async () => {
    const { em } = await openBare()
    const deletes = watch(em.getUnitOfWork().getChangeSetPersister(), 'executeDeletes')
    const upper = await em.findOneOrFail(BareShelf, 1, { populate: ['jars'] })
    for (const jar of upper.jars) em.remove(jar)
    em.remove(upper)
    em.create(BareShelf, { name: 'upper' })
    await em.flush()
    const own = deletes.filter((args) => args[2] !== true)
    const types = own.map(([sets]) => (sets as { type: string }[]).map(({ type }) => type))
    expect(types).toEqual([[ChangeSetType.DELETE_EARLY], [ChangeSetType.DELETE, ChangeSetType.DELETE]])
  })

  it('sets nullable foreign keys of loaded children to null as soon as the parent is removed', async () => {
    const { em } = await openBare()
    const upper = await em.findOneOrFail(BareShelf, 1, { populate: ['jars'] })
    const removes = watch(em.getUnitOfWork(), 'remove')
    const [plums] = upper.jars.getItems()
    em.remove(upper)
    expect(removes.map(([entity]) => entity)).toEqual([upper])
    expect(plums?.shelf ?? null).toBe(null)
  })
})

describe('reads', () => {
  it('ask prepareOptions, preparePopulate, tryCache and applyFilters of the manager', async () => {
    const { em } = await openBare()
    const names = ['prepareOptions', 'preparePopulate', 'tryCache', 'applyFilters', 'tryFlush'] as const
    const reads: [string, () => Promise<unknown>][] = [
      ['find', () => em.find(BareJar, {})],
      ['findOne', () => em.findOne(BareJar, { label: 'pears' })],
      ['count', () => em.count(BareJar)],
    ]
    for (const [read, run] of reads) {
      const calls = names.map((name) => [name, watch(em, name)] as const)
      await run()
      const missing = calls.filter(
        ([name, { length }]) => length === 0 && (name !== 'tryFlush' || read !== 'count'),
      )
      expect(
        missing.map(([name]) => name),
        `${read} does not call`,
      ).toEqual([])
    }
  })

  it('ask shouldRefresh before they give what memory has', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1)
    const calls = watch(em, 'shouldRefresh')
    expect(await em.findOne(BareJar, 1)).toBe(jar)
    expect(calls[0]?.[1]).toBe(jar)
  })

  it('apply the filters of models, also for nativeUpdate and nativeDelete', async () => {
    const { em } = await openBare()
    const calls = watch(em, 'applyFilters')
    await em.nativeUpdate(BareJar, {}, { label: 'jam' })
    expect(await em.nativeDelete(BareJar, {})).toBe(2)
    expect(calls.map((args) => args[3])).toEqual(['update', 'delete'])
    expect(await em.count(BareJar, {}, { filters: false })).toBe(1)
  })

  it('populate through EntityLoader.populate, with the model, the entities, the hints and the options', async () => {
    const { em } = await openBare()
    const calls = watch(em.getEntityLoader(), 'populate')
    const shelves = await em.find(BareShelf, {}, { populate: ['jars'], strategy: 'select-in' })
    const [model, entities, hints] = calls[0] ?? []
    expect([model, entities]).toEqual([BareShelf, shelves])
    expect(hints).toEqual([expect.objectContaining({ field: 'jars' })])
  })

  it('give an initialised reference without a query', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1, { populate: ['shelf'] })
    await em.execute('delete from shelf')
    expect(await Reference.prototype.load.call(jar.shelf as never)).toMatchObject({ name: 'upper' })
  })

  it('build their statements with createQueryBuilder of the driver, which converts no types', async () => {
    const { em } = await openBare()
    const calls = watch(em.getDriver(), 'createQueryBuilder')
    await em.find(BareJar, { shelf: { name: 'upper' } })
    expect(calls[0]?.[0]).toBe(BareJar)
    expect(calls[0]?.[3]).toBe(false)
  })
})

describe('what memory knows of a row', () => {
  it('is __originalEntityData, against which changes are found, and __data behind the properties', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1)
    const wrapped = helper(jar)
    expect(wrapped).toMatchObject({ __managed: true, __initialized: true })
    expect(wrapped.__originalEntityData).toMatchObject({ id: 1, label: 'plums', shelf: 1 })
    jar.label = 'jam'
    const now = em.getComparator().prepareEntity(jar)
    const changes = em.getComparator().diffEntities(BareJar, wrapped.__originalEntityData ?? {}, now)
    expect(changes).toEqual({ label: 'jam' })
    wrapped.__originalEntityData = now
    const updates = watch(em.getUnitOfWork().getChangeSetPersister(), 'executeUpdates')
    await em.flush()
    expect(updates).toEqual([])
    Reflect.set(wrapped.__data, 'shelf', null)
    expect(jar.shelf).toBe(null)
  })

  it('lets an item leave a collection and join it without a change', async () => {
    const { em } = await openBare()
    const upper = await em.findOneOrFail(BareShelf, 1, { populate: ['jars'] })
    const [plums] = upper.jars.getItems()
    if (!plums) throw new Error('the shelf has jars')
    upper.jars.removeWithoutPropagation(plums)
    upper.jars.setDirty(false)
    upper.jars.takeSnapshot()
    expect(plums.shelf).toEqual(ref(upper))
    expect(upper.jars.getItems()).not.toContain(plums)
    await em.flush()
    expect(await em.fork().count(BareJar, { shelf: 1 })).toBe(2)
  })

  it('is set through definedProperties, and null takes no item out of the collection of its parent', async () => {
    const { em } = await openBare()
    const upper = await em.findOneOrFail(BareShelf, 1, { populate: ['jars'] })
    const [plums] = upper.jars.getItems()
    if (!plums) throw new Error('the shelf has jars')
    const accessor: unknown = helper(plums).__meta.definedProperties.shelf
    expect(Object.getOwnPropertyDescriptor(plums, 'shelf')).toEqual(accessor)
    plums.shelf = null
    // Where this fails, src/database/models/left-parents.ts is not needed any more.
    expect(upper.jars.getItems()).toContain(plums)
  })

  it('is in the store of the root of a model, by its key', async () => {
    const { em } = await openBare()
    const jar = await em.findOneOrFail(BareJar, 1)
    const map = em.getUnitOfWork().getIdentityMap()
    expect([...map.getStore(helper(jar).__meta.root).values()]).toEqual(expect.arrayContaining([jar]))
    map.delete(jar)
    expect(em.getUnitOfWork().getById(BareJar, 1)).toBeUndefined()
  })
})

describe('query builders', () => {
  it('keep their joins with alias, type, property and condition until getNativeQuery compiles them', async () => {
    const { em } = await openBare()
    const builder = em.createQueryBuilder(BareJar, 'j').leftJoin('j.shelf', 's').where({ 's.name': 'upper' })
    expect(Object.values(builder.state.joins)).toEqual([
      expect.objectContaining({ alias: 's', ownerAlias: 'j', type: 'left join', cond: expect.anything() }),
    ])
    expect(Object.values(builder.state.joins)[0]?.prop.name).toBe('shelf')
    const conditions = watch(builder.helper, 'appendQueryCondition')
    const expressions = watch(builder.helper, 'createJoinExpression')
    builder.getNativeQuery()
    expect(expressions[0]?.[0]).toBe(Object.values(builder.state.joins)[0])
    expect(conditions[0]?.slice(0, 2)).toEqual(['SELECT', { 's.name': 'upper' }])
  })

  it('read their transaction and their connection when they run', async () => {
    const { em } = await openBare()
    const builder = em.createQueryBuilder(BareJar)
    const asked: string[] = []
    for (const name of ['context', 'connectionType'])
      Object.defineProperty(builder, name, { get: () => void asked.push(name) })
    await builder.execute()
    expect(new Set(asked)).toEqual(new Set(['context', 'connectionType']))
    expect(QueryBuilder.prototype.clone.call(builder)).toBeInstanceOf(QueryBuilder)
  })
})

describe('the schema', () => {
  it('is made from getTargetSchema, whose tables can be given other indexes', async () => {
    const { orm } = await openBare()
    const generator = orm.schema as SqlSchemaGenerator
    const target = generator.getTargetSchema()
    const shelf = target.getTables().find(({ name }) => name === 'shelf')
    expect(shelf?.getIndexes()).toEqual(
      expect.arrayContaining([expect.objectContaining({ columnNames: ['name'], unique: true })]),
    )
    const calls = watch(generator, 'getTargetSchema')
    await generator.getCreateSchemaSQL()
    expect(calls).toHaveLength(1)
    expect(shelf?.setIndexes).toBeInstanceOf(Function)
  })

  it('is compared by diffTable, which asks detectColumnRenamings of the same comparator for columns with other names', async () => {
    const { orm } = await openBare()
    const platform = orm.em.getDriver().getPlatform() as ConstructorParameters<typeof SchemaComparator>[0]
    const tableWith = (column: string) => {
      const schema = new DatabaseSchema(platform, '')
      const table = schema.addTable('shelf', undefined)
      table.addColumn({ name: column, type: 'text', mappedType: platform.getMappedType('text') })
      return schema
    }
    const compare = (comparator: SchemaComparator) =>
      comparator.compare(tableWith('label'), tableWith('name')).changedTables.shelf
    expect(Object.keys(compare(new SchemaComparator(platform))?.renamedColumns ?? {})).toEqual(['label'])
    const comparator = new SchemaComparator(platform)
    Reflect.set(comparator, 'detectColumnRenamings', () => undefined)
    const difference = compare(comparator)
    expect(Object.keys(difference?.renamedColumns ?? {})).toEqual([])
    expect(Object.keys(difference?.removedColumns ?? {})).toEqual(['label'])
    expect(Object.keys(difference?.addedColumns ?? {})).toEqual(['name'])
  })

  it('comes from metadata that is noted on the class, and that onMetadata may add properties to', async () => {
    const { orm } = await openBare()
    expect(MetadataStorage.META_SYMBOL).toBeTypeOf('symbol')
    const meta = orm.getMetadata().get(BareShelf)
    expect(meta.bidirectionalRelations.map(({ name }) => name)).toEqual(['jars'])
    expect(meta.referencingProperties.map(({ prop }) => prop.name)).toContain('shelf')
  })
})
