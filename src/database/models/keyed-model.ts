/** @module The base class of models whose key is their own, and the verbs of every model. */
// biome-ignore-all lint/complexity/noThisInStatic: the statics work on the model they are called on, not on this class.
import type { EntityData, FilterQuery, Loaded, Primary, RequiredEntityData } from '@mikro-orm/core'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { currentSession } from '../sessions/current-session.ts'
import { ownSession, sessionFor } from '../sessions/own-session.ts'
import type { Session } from '../sessions/session.ts'
import { type FillableModel, refuseUnlisted } from './fillable.ts'
import { type FilterOptions, findOptions, metadataOf } from './model-query.ts'

type ModelOf<T> = AbstractConstructor<T>

/**
 * Maps a class to a table with a key of its own: a text, a number that somebody else gives, several columns.
 *
 * The static methods work in the session of the scope that is open, or in one that is given last.
 *
 * @example
 * ```ts
 * import { KeyedModel } from 'limber/database'
 * import { Entity, PrimaryKey, PrimaryKeyProp, Property } from 'limber/database/mapping'
 *
 * @Entity()
 * export class Country extends KeyedModel {
 *   declare [PrimaryKeyProp]?: 'code' // types the key of Country.get
 *
 *   @PrimaryKey({ type: 'string' })
 *   code!: string
 *
 *   @Property()
 *   name!: string
 * }
 *
 * export async function rename() {
 *   const iceland = await Country.get('is')
 *   await iceland?.update({ name: 'Iceland' }).save()
 * }
 * ```
 */
export abstract class KeyedModel {
  /** Whether deleting keeps the row. */
  static softDelete = false
  /** Whether `createdAt` and `updatedAt` are kept. */
  static timestamps = false
  /** The connection its table is on; default: the default one. */
  static connection?: string
  /** What `create` and `update` take; default: everything but what the framework sets. */
  static fillable?: readonly string[]

  /** Gives every row, in the order of the key. */
  static all<T extends KeyedModel>(this: ModelOf<T>, session?: Session): Promise<T[]> {
    const own = session ?? currentSession(this, 'all')
    return own.find<T>(this, {}, findOptions<T>(own, this, {}))
  }

  /** Gives the row with the smallest key, or null when the table is empty. */
  static async first<T extends KeyedModel>(this: ModelOf<T>, session?: Session): Promise<T | null> {
    const own = session ?? currentSession(this, 'first')
    const [row] = await own.find<T>(this, {}, findOptions<T>(own, this, { limit: 1 }))
    return row ?? null
  }

  /** Gives the row with this key, or null when there is none. */
  static get<T extends KeyedModel>(this: ModelOf<T>, id: Primary<T>, session?: Session): Promise<T | null> {
    const own = session ?? currentSession(this, 'get')
    metadataOf(own, this)
    return own.findOne<T>(this, id as FilterQuery<T>)
  }

  /**
   * Gives the row with this key.
   *
   * @throws {ModelNotFoundError} when there is none: in HTTP a 404
   */
  static getOrFail<T extends KeyedModel>(this: ModelOf<T>, id: Primary<T>, session?: Session): Promise<T> {
    const own = session ?? currentSession(this, 'getOrFail')
    metadataOf(own, this)
    return own.findOneOrFail<T>(this, id as FilterQuery<T>)
  }

  /**
   * Gives the rows that match, in the order of the key unless another is asked for.
   *
   * @throws {PageError} when the limit or the page is not a whole number above zero
   */
  static filter<T extends KeyedModel, P extends string = never>(
    this: ModelOf<T>,
    where: FilterQuery<NoInfer<T>>,
    options: FilterOptions<NoInfer<T>, P> = {},
    session?: Session,
  ): Promise<Loaded<T, P>[]> {
    const own = session ?? currentSession(this, 'filter')
    return own.find<T, P>(this, where, findOptions(own, this, options))
  }

  /**
   * Inserts a row at once, in the transaction of the scope.
   *
   * @throws {FillableError} @throws {UniqueViolationError} @throws {ConstraintViolationError}
   */
  static async create<T extends KeyedModel>(
    this: ModelOf<T>,
    attributes: RequiredEntityData<NoInfer<T>>,
    session?: Session,
  ): Promise<T> {
    const own = session ?? currentSession(this, 'create')
    refuseUnlisted(this as FillableModel, metadataOf(own, this), attributes, 'create')
    // NoInfer only keeps the attributes from choosing the model.
    const row = own.create<T>(this, attributes as RequiredEntityData<T>)
    await own.flush()
    return row
  }

  /**
   * Sets properties in memory; `save` writes them.
   *
   * @throws {FillableError}
   */
  update(attributes: EntityData<this>): this {
    const model = this.constructor as AbstractConstructor<this>
    const session = ownSession(this) ?? currentSession(model, 'update')
    refuseUnlisted(model as FillableModel, metadataOf(session, model), attributes, 'update')
    session.assign<object>(this, attributes)
    return this
  }

  /** Writes this row, and everything else that is pending in its session, in the transaction of the scope. */
  async save(session?: Session): Promise<this> {
    const own = sessionFor(this, 'save', session)
    await own.persist(this).flush()
    return this
  }

  /** Deletes the row; one of a soft-deleted model goes to the trash. */
  async destroy(session?: Session): Promise<this> {
    const own = sessionFor(this, 'destroy', session)
    await own.remove(this).flush()
    return this
  }

  /** Deletes the row for good, also when the model is soft-deleted. */
  async forceDestroy(session?: Session): Promise<this> {
    const own = sessionFor(this, 'forceDestroy', session)
    await own.forceRemove(this).flush()
    return this
  }

  /** Brings the row back from the trash; tells whether it was there. */
  restore(session?: Session): Promise<boolean> {
    return sessionFor(this, 'restore', session).restore(this)
  }

  /** Reads the row again; what was not saved is lost. */
  async refresh(session?: Session): Promise<this> {
    await sessionFor(this, 'refresh', session).refreshOrFail<object>(this)
    return this
  }
}
