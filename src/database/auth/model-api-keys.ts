/** @module API keys of auth that are rows of a model. */
import type { FilterQuery, RequiredEntityData } from '@mikro-orm/core'
import type { ApiKeyProvider, NewApiKey, StoredApiKey } from '../../application/ports/api-key-provider.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { valueOfText } from '../models/text-value.ts'
import { type ModelSource, type RowOf, SourcedModel } from './model-source.ts'

/** What a model of API keys has. */
export interface ApiKeyRow {
  name: string
  /** Unique. */
  prefix: string
  digest: string
  /** As JSON. */
  abilities: string[]
  expiresAt?: Date | null
  /** A relation, which may be a `Ref`. */
  user: object
}

const PROPERTIES = ['name', 'prefix', 'digest', 'abilities', 'expiresAt', 'user'] as const
const CALL = 'modelApiKeys'
/** Longer than any prefix. */
const LONGEST = 255

export interface ModelApiKeysOptions<Source extends ModelSource> {
  /** The class, or what imports its file: `() => import('../app/models/api-key.ts')`. */
  readonly model: RowOf<Source> extends ApiKeyRow ? Source : never
}

/**
 * Keeps API keys as rows of a model. They are found with the session of the scope: a key that is deleted opens nothing any more, and
 * neither do the keys of a user who is.
 *
 * @example
 * ```ts
 * import { Model, modelApiKeys } from 'limber/database'
 * import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
 *
 * @Entity()
 * class User extends Model {}
 *
 * @Entity()
 * class ApiKey extends Model {
 *   @Property()
 *   name!: string
 *
 *   @Property({ unique: true })
 *   prefix!: string
 *
 *   @Property({ hidden: true })
 *   digest!: string
 *
 *   @Property({ type: 'json' })
 *   abilities!: string[]
 *
 *   @Property({ type: 'datetime', nullable: true })
 *   expiresAt?: Date | null
 *
 *   @ManyToOne(() => User, { ref: true })
 *   user!: Ref<User>
 * }
 *
 * export const apiKeys = modelApiKeys({ model: ApiKey })
 * ```
 */
export function modelApiKeys<const Source extends ModelSource>(
  options: ModelApiKeysOptions<Source>,
): ApiKeyProvider {
  return new ModelApiKeys(options.model)
}

class ModelApiKeys implements ApiKeyProvider {
  readonly #source: SourcedModel

  constructor(model: ModelSource) {
    this.#source = new SourcedModel(CALL, model, PROPERTIES)
  }

  async find(prefix: string): Promise<StoredApiKey | undefined> {
    // Clients send more than the types say.
    if (typeof prefix !== 'string' || prefix.length > LONGEST || !prefix.isWellFormed()) return undefined
    const { model, meta, session } = await this.#source.open()
    const value = valueOfText(this.#source.property(meta, 'prefix'), prefix)
    if (value === undefined) return undefined
    // The names are checked, though no type knows them.
    const where = { prefix: value } as FilterQuery<object>
    const found = await session.findOne(model, where, { populate: ['user'] as never[] })
    const key = found as ApiKeyRow | null
    // MySQL and MariaDB take other letters for the same.
    if (key?.prefix !== prefix) return undefined
    const user = userOf(key)
    if (!user) return undefined
    const { digest, abilities, expiresAt } = key
    return { prefix, digest, user, expiresAt: expiresAt ?? undefined, abilities: wordsOf(abilities) }
  }

  async add({ name, prefix, digest, user, expiresAt, abilities }: NewApiKey): Promise<void> {
    const { model, session } = await this.#source.open()
    const row = { name, prefix, digest, user, expiresAt: expiresAt ?? null, abilities: [...abilities] }
    // The names are checked, though no type knows them.
    session.create(model, row as RequiredEntityData<object>)
  }
}

/** The user behind a relation, which is a reference where the model says `ref: true`; undefined for one in the trash. */
function userOf({ user }: ApiKeyRow): CurrentUser | undefined {
  const unwrap: unknown = Reflect.get(Object(user), 'unwrap')
  const row: unknown = typeof unwrap === 'function' ? unwrap.call(user) : user
  return typeof row === 'object' && row !== null ? row : undefined
}

function wordsOf(abilities: unknown): string[] {
  return Array.isArray(abilities) ? abilities.filter((word) => typeof word === 'string') : []
}
