/** @module Notices when one scope runs the same query again and again: N+1. */
import type { MetadataStorage } from '@mikro-orm/core'
import { currentScope } from '../../container/resolution-frame.ts'
import { CallSite } from '../call-site.ts'
import type { RepeatedQuery } from './errors.ts'
import { isOwnRead } from './own-reads.ts'

/** From this many on it is no coincidence. */
const LIMIT = 5

const allowed = new WeakSet<object>()

/**
 * Lets the scope that is open here run the same query as often as it likes.
 *
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 * import { allowRepeatedQueries } from 'limber/database'
 *
 * const app = await createApplication()
 * await app.boot()
 * await app.scope(async () => {
 *   allowRepeatedQueries()
 * })
 * ```
 */
export function allowRepeatedQueries(): void {
  const scope = currentScope()
  if (scope) allowed.add(scope)
}

export class RepeatedQueries {
  readonly #models: MetadataStorage
  readonly #counts = new WeakMap<object, Map<string, number>>()

  constructor(models: MetadataStorage) {
    this.#models = models
  }

  /** Counts a query; gives what there is to say about it when it is the fifth of its shape in its scope. */
  note(sql: string): RepeatedQuery | undefined {
    const scope = currentScope()
    if (!scope || allowed.has(scope) || isOwnRead() || !/^select\b/i.test(sql)) return undefined
    const counts = this.#counts.get(scope) ?? new Map<string, number>()
    this.#counts.set(scope, counts)
    const shape = shapeOf(sql)
    const count = (counts.get(shape) ?? 0) + 1
    counts.set(shape, count)
    return count === LIMIT ? this.#describe(shape, count) : undefined
  }

  /** What is read from a table without a model is nobody's relation. */
  #describe(shape: string, count: number): RepeatedQuery | undefined {
    const table = /\bfrom\s+[`"]?(?:\w+[`"]?\.[`"]?)?(\w+)/i.exec(shape)?.[1]
    const meta = [...this.#models].find(({ tableName }) => tableName === table)
    if (!meta) return undefined
    const column = /\bwhere\b.*?[`"](\w+)[`"]\s*(?:=|in\b)/i.exec(shape)?.[1]
    const property = meta.props.find(({ fieldNames }) => fieldNames?.includes(column ?? ''))
    const name = property && `${meta.className}.${property.name}`
    // A row asked for by its key is mostly the relation of another.
    const relation = property?.primary ? this.#onlyRelationTo(meta.className) : undefined
    return { model: meta.className, property: relation ?? name, count, callSite: new CallSite().find() }
  }

  #onlyRelationTo(className: string): string | undefined {
    const relations = [...this.#models].flatMap((meta) =>
      meta.relations
        .filter(({ kind, targetMeta }) => kind === 'm:1' && targetMeta?.className === className)
        .map(({ name }) => `${meta.className}.${name}`),
    )
    return relations.length === 1 ? relations[0] : undefined
  }
}

/** A query without what differs from one row to the next. */
function shapeOf(sql: string): string {
  return sql.replace(/\((?:\s*(?:\?|\$\d+)\s*,?)+\)/g, '(?)')
}
