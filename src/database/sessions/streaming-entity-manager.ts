/** @module An EntityManager whose streams end with it: each may hold a connection of the pool. */
import type { EntityName, Loaded, StreamOptions, WithUsingOptions } from '@mikro-orm/core'
import { OpenStreams } from './open-streams.ts'
import { PagingEntityManager } from './paging-entity-manager.ts'

export abstract class StreamingEntityManager extends PagingEntityManager {
  readonly #streams = new OpenStreams()

  /** Runs a statement that only reads. */
  abstract reading<T>(statement: () => Promise<T>): Promise<T>

  /** Reads one by one what may be too much for memory; reading and writing go on inside the loop. */
  override stream<
    E extends object,
    Hint extends string = never,
    Fields extends string = never,
    Excludes extends string = never,
    Using extends string = never,
  >(
    model: EntityName<E>,
    options?: WithUsingOptions<StreamOptions<NoInfer<E>, Hint, Fields, Excludes>, NoInfer<E>, Using>,
  ): AsyncIterableIterator<Loaded<E, Hint, Fields, Excludes>> {
    return this.following(super.stream<E, Hint, Fields, Excludes, Using>(model, options))
  }

  /** Ends a stream with the session, also when nobody reads it to its end. */
  following<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
    return this.#streams.follow(stream, (next) => this.reading(next))
  }

  /** Called at the end of the session. */
  endStreams(): Promise<void> {
    return this.#streams.end()
  }
}
