/** @module The session that an entity belongs to, found without loading the ORM. */
import type { Primary } from '@mikro-orm/core'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { metadataOf } from '../models/model-query.ts'
import { currentSession } from './current-session.ts'
import type { Session } from './session.ts'

/** What the ORM hangs on each entity. */
interface EntityHelper {
  readonly __em?: Session
  hasPrimaryKey(): boolean
  getPrimaryKey(): Primary<object>
}

/** The session that manages this entity; undefined when none does, or when its scope is over. */
export function ownSession(entity: object): Session | undefined {
  // `wrap(entity, true)` gives the same, but importing it would load the ORM with every configuration.
  const helper: EntityHelper | undefined = Reflect.get(entity, '__helper')
  const session = helper?.__em
  if (!session || !helper.hasPrimaryKey()) return undefined
  const model = entity.constructor as AbstractConstructor<object>
  const managed = session.getUnitOfWork(false).getById(model, helper.getPrimaryKey())
  return managed === entity ? session : undefined
}

/**
 * The session that a method of an entity works in: the given one, that of the entity, or that of the scope.
 *
 * A function: the ORM makes entities without running the constructors of their classes, which private methods need.
 */
export function sessionFor(entity: object, call: string, given?: Session): Session {
  const model = entity.constructor as AbstractConstructor<object>
  const session = given ?? ownSession(entity) ?? currentSession(model, call)
  metadataOf(session, model)
  return session
}
