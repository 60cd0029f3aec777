/** @module The ORM as it comes, without the framework, with a shelf of jars on a database in memory. */
import { Collection, EntitySchema, MikroORM, type Ref } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { SqliteDriver } from '@mikro-orm/sqlite'
import { onTestFinished } from 'vitest'

export class BareShelf {
  id!: number
  name!: string
  jars = new Collection<BareJar>(this)
}

export class BareJar {
  id!: number
  label!: string
  shelf?: Ref<BareShelf> | null
}

const schemas = [
  new EntitySchema({
    class: BareShelf,
    tableName: 'shelf',
    properties: {
      id: { type: 'integer', primary: true },
      name: { type: 'string', unique: true },
      jars: { kind: '1:m', entity: () => BareJar, mappedBy: 'shelf' },
    },
  }),
  new EntitySchema({
    class: BareJar,
    tableName: 'jar',
    properties: {
      id: { type: 'integer', primary: true },
      label: { type: 'string' },
      shelf: { kind: 'm:1', entity: () => BareShelf, inversedBy: 'jars', ref: true, nullable: true },
    },
    filters: { labelled: { name: 'labelled', cond: { label: { $ne: '' } }, default: true } },
  }),
]

type Discovery = NonNullable<Parameters<typeof MikroORM.init>[0]>['discovery']

export async function openBare(discovery: Discovery = {}): Promise<{ orm: MikroORM; em: SqlEntityManager }> {
  const orm = await MikroORM.init({
    driver: SqliteDriver as never,
    dbName: ':memory:',
    entities: schemas,
    discovery,
    autoJoinRefsForFilters: false,
  })
  onTestFinished(() => orm.close())
  await orm.schema.create()
  // Every driver of SQL has it.
  const em = orm.em.fork() as unknown as SqlEntityManager
  await em.execute("insert into shelf (id, name) values (1, 'upper'), (2, 'lower')")
  await em.execute(
    "insert into jar (id, label, shelf_id) values (1, 'plums', 1), (2, 'pears', 1), (3, '', 2)",
  )
  return { orm, em }
}

/** Notes the arguments of each call of a method of this object, which goes on as before. */
export function watch(target: object, name: string): unknown[][] {
  const calls: unknown[][] = []
  const method: unknown = Reflect.get(target, name)
  if (typeof method !== 'function') throw new Error(`MikroORM has no ${name} any more`)
  Reflect.set(target, name, (...args: unknown[]) => {
    calls.push(args)
    return Reflect.apply(method, target, args)
  })
  return calls
}
