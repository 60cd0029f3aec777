/** @module Users of auth that are rows of a model. */
import type { EntityMetadata, EntityProperty, FilterQuery } from '@mikro-orm/core'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import type { UserId, UserProvider } from '../../application/ports/user-provider.ts'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { metadataOf } from '../models/model-query.ts'
import { takesText, valueOfText } from '../models/text-value.ts'
import { currentSession } from '../sessions/current-session.ts'
import { AuthModelError } from './errors.ts'
import { type ModelSource, type OpenModel, type RowOf, SourcedModel } from './model-source.ts'

/** Longer than any login. */
const LONGEST = 1_024

export interface ModelUsersOptions<Source extends ModelSource> {
  /** The class, or what imports its file: `() => import('../app/models/user.ts')`. */
  readonly model: Source
  /** The unique property that people type to log in: `email`. */
  readonly login: keyof RowOf<Source> & string
  /** The property that has the hash of the password; without it nobody logs in by password. */
  readonly password?: keyof RowOf<Source> & string
}

/**
 * Makes the rows of a model the users of the application. They are found with the session of the scope, so users in the trash are
 * not found.
 *
 * A login is trimmed, and is that of the user who has exactly it, or else of the one who has it in small letters.
 *
 * @example
 * ```ts
 * import { Model, modelUsers } from 'limber/database'
 * import { Entity, Property } from 'limber/database/mapping'
 *
 * @Entity()
 * class User extends Model {
 *   @Property({ unique: true })
 *   email!: string
 *
 *   @Property({ hidden: true, nullable: true })
 *   passwordHash?: string
 * }
 *
 * export const users = modelUsers({ model: User, login: 'email', password: 'passwordHash' })
 * ```
 */
export function modelUsers<const Source extends ModelSource>(
  options: ModelUsersOptions<Source>,
): UserProvider {
  return new ModelUsers(options)
}

class ModelUsers implements UserProvider {
  readonly #source: SourcedModel
  readonly #login: string
  readonly #password: string | undefined

  constructor({ model, login, password }: ModelUsersOptions<ModelSource>) {
    this.#login = login
    this.#password = password
    this.#source = new SourcedModel(CALL, model, password === undefined ? [login] : [login, password])
  }

  idOf(user: CurrentUser): UserId {
    const model = user.constructor as AbstractConstructor<object>
    const key: unknown = Reflect.get(user, keyOf(metadataOf(currentSession(model, 'idOf'), model)))
    if (typeof key === 'string' || typeof key === 'number') return key
    if (typeof key === 'bigint') return String(key)
    throw new AuthModelError(CALL, `this ${model.name} has no key yet.`, 'Flush the session first.')
  }

  async findById(id: UserId): Promise<CurrentUser | undefined> {
    if (typeof id !== 'string' && typeof id !== 'number') return undefined
    const open = await this.#source.open()
    const key = keyOf(open.meta)
    const value = canonicalValue(this.#source.property(open.meta, key), String(id))
    if (value === undefined) return undefined
    const [user] = await this.#find(open, key, [value])
    return user
  }

  async findByLogin(login: string): Promise<CurrentUser | undefined> {
    // Clients send more than the types say.
    if (typeof login !== 'string' || login.length > LONGEST || !login.isWellFormed()) return undefined
    const open = await this.#source.open()
    const property = this.#source.property(open.meta, this.#login)
    const exact = login.trim()
    const logins = [exact, exact.toLowerCase()].map((text) => canonicalValue(property, text))
    const values = [...new Set(logins)].filter((value) => value !== undefined)
    if (values.length === 0) return undefined
    const users = await this.#find(open, this.#login, values)
    // Compared here as well: MySQL and MariaDB take other letters for the same.
    const is = (value: string | number) =>
      users.find((user) => String(Reflect.get(user, this.#login)) === String(value))
    return values.map(is).find((user) => user !== undefined)
  }

  passwordHashOf(user: CurrentUser): string | undefined {
    const hash: unknown = this.#password === undefined ? undefined : Reflect.get(user, this.#password)
    return typeof hash === 'string' && hash !== '' ? hash : undefined
  }

  /** @throws {AuthModelError} when the configuration names no property for it */
  async changePasswordHash(user: CurrentUser, hash: string): Promise<void> {
    const name = this.#password
    if (name === undefined) {
      throw new AuthModelError(
        CALL,
        'no property is named for passwords.',
        "Name one: password: 'passwordHash'.",
      )
    }
    const { model, meta, session } = await this.#source.open()
    if (session.flushesAtEnd) {
      Reflect.set(user, name, hash)
      return
    }
    // Nobody else knows of this change, and would flush it by hand. The names are checked, though no type knows them.
    const where = { [keyOf(meta)]: this.idOf(user) } as FilterQuery<object>
    await session.nativeUpdate(model, where, { [name]: hash } as object)
    await session.refresh<object>(user, { populate: this.#populate(meta) })
  }

  #find(
    { model, meta, session }: OpenModel,
    by: string,
    values: readonly (string | number)[],
  ): Promise<object[]> {
    // The names are checked, though no type knows them.
    const where = { [by]: { $in: values } } as FilterQuery<object>
    return session.find(model, where, { populate: this.#populate(meta) })
  }

  /** A property that is read only on demand would look like no password. */
  #populate(meta: EntityMetadata<object>): never[] {
    const isLazy = this.#password !== undefined && this.#source.property(meta, this.#password).lazy
    // The name is checked, though no type knows it.
    return (isLazy ? [this.#password] : []) as never[]
  }
}

const CALL = 'modelUsers'

/** A number has one way to be written here: whoever counts the logins of `7` knows nothing of `007`. */
function canonicalValue(property: EntityProperty, text: string): string | number | undefined {
  const isOther = property.runtimeType !== 'string' && !/^(0|-?[1-9]\d*)$/.test(text)
  return isOther ? undefined : valueOfText(property, text)
}

function keyOf(meta: EntityMetadata<object>): string {
  const [key, ...others] = meta.primaryKeys.map(String)
  const property = Object.values<EntityMetadata['props'][number]>(meta.properties).find(
    ({ name }) => name === key,
  )
  if (key !== undefined && others.length === 0 && property && takesText(property)) return key
  const reason = `the key of ${meta.className} is not one text, whole number or UUID.`
  throw new AuthModelError(CALL, reason, 'Give the model such a key.')
}
