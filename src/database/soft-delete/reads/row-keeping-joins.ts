/** @module Joins to soft-deleted models that neither lose rows of the query nor show what is in the trash. */
import type { AbstractSqlDriver } from '@mikro-orm/sql'
import { orderPage } from '../order-page.ts'
import { isSoftModel } from '../soft-models.ts'
import { isSoftToOne } from './soft-relations.ts'

type Builder = ReturnType<AbstractSqlDriver['createQueryBuilder']>

/**
 * Seam: `AbstractSqlDriver.createQueryBuilder`. The builders of `find` and `count` join by themselves, for conditions, for
 * an order, and for what is populated.
 */
export function keepRowsOfJoins(driver: AbstractSqlDriver): void {
  const create = driver.createQueryBuilder.bind(driver)
  // It passes on what the method it replaces gives.
  driver.createQueryBuilder = ((...args: Parameters<typeof create>) => {
    const builder = create(...args)
    const [, , , convertsTypes] = args
    // Those that an application asks for convert types; they look after their joins themselves.
    return convertsTypes === false ? keepRows(builder) : builder
  }) as typeof driver.createQueryBuilder
}

function keepRows(builder: Builder): Builder {
  const join = builder.join.bind(builder)
  const joinAndSelect = builder.joinAndSelect.bind(builder)
  const clone = builder.clone.bind(builder)
  // What replaces a method passes on what it is given and what that gives.
  const getNativeQuery = builder.getNativeQuery.bind(builder)
  builder.getNativeQuery = (...args) => {
    orderPage(builder)
    return getNativeQuery(...args)
  }
  builder.join = ((...args: Parameters<typeof join>) => {
    const joined = join(...args)
    soften(builder, args)
    return joined
  }) as typeof builder.join
  builder.joinAndSelect = ((...args: Parameters<typeof joinAndSelect>) => {
    const joined = joinAndSelect(...args)
    soften(builder, args)
    return joined
  }) as typeof builder.joinAndSelect
  builder.clone = ((...args: Parameters<typeof clone>) => keepRows(clone(...args))) as typeof builder.clone
  return builder
}

/** The joins that the ORM makes by itself tell their path. */
function soften(builder: Builder, [, alias, , , path]: readonly unknown[]): void {
  if (typeof path !== 'string') return
  const joins: {
    alias: string
    ownerAlias: string
    prop: Parameters<typeof isSoftToOne>[0]
    type: string
    path?: string
  }[] = Object.values(builder.state.joins)
  const made = joins.find((each) => each.alias === alias && each.path === path)
  if (!made?.prop || !isSoftModel(made.prop.targetMeta)) return
  const { mainAlias } = builder.state
  // Through a pivot table, the rows asked for are those of the target.
  if (mainAlias?.meta?.pivotTable && made.ownerAlias === mainAlias.aliasName) return
  const isToOne = isSoftToOne(made.prop)
  if (isToOne && made.type === 'inner join') made.type = 'left join'
  // What is populated has the condition already; the other side of a one-to-one is joined without being asked for.
  const isPopulated = path.startsWith('[populate]') && !(made.prop.mappedBy && isToOne)
  if (!isPopulated) builder.scheduleFilterCheck(path)
}
