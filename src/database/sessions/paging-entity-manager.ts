/** @module An EntityManager that takes a place in a list from a client without believing it. */
import type { Cursor, EntityName, FindByCursorOptions, WithUsingOptions } from '@mikro-orm/core'
import { SqlEntityManager } from '@mikro-orm/sql'
import { refuseForeignCursor } from './foreign-cursor.ts'

export abstract class PagingEntityManager extends SqlEntityManager {
  /**
   * Reads a list on from a place in it.
   *
   * @throws {InvalidCursorError} when the place is none of a list in this order
   */
  override async findByCursor<
    E extends object,
    Hint extends string = never,
    Fields extends string = never,
    Excludes extends string = never,
    IncludeCount extends boolean = true,
    Using extends string = never,
  >(
    model: EntityName<E>,
    options: WithUsingOptions<
      FindByCursorOptions<NoInfer<E>, Hint, Fields, Excludes, IncludeCount>,
      NoInfer<E>,
      Using
    >,
  ): Promise<Cursor<E, Hint, Fields, Excludes, IncludeCount>> {
    const meta = this.getMetadata().find<E>(model)
    for (const place of [options.after, options.before]) {
      if (meta && typeof place === 'string') refuseForeignCursor(meta, options.orderBy ?? {}, place)
    }
    return super.findByCursor<E, Hint, Fields, Excludes, IncludeCount, Using>(model, options)
  }
}
