/**
 * @module Lets two applications use the same model class in one process.
 *
 * The ORM writes its metadata, platform and property accessors to the prototype of each model, where the last
 * application that starts would overwrite those of the others. As soon as a class has two owners, each of these
 * properties asks whose entity it is being used on.
 */
import type { EntityManager, MikroORM } from '@mikro-orm/core'
import { currentScope } from '../../container/resolution-frame.ts'

interface Owner {
  /** Tells the sessions of this owner: they share its configuration. */
  readonly config: EntityManager['config']
  readonly application: object
  readonly properties: Map<object, Map<string, PropertyDescriptor>>
}

const BASE_PROPERTIES = ['__meta', '__config', '__platform', '__factory', '__helper']

const claims = new Map<object, Owner[]>()
const ownerOf = new WeakMap<object, Owner>()
/** The getters that choose, to tell them from those of the ORM. */
const choosers = new WeakSet<object>()
let maker: EntityManager['config'] | undefined

/**
 * Notes what the ORM has just written to the prototypes of its models.
 *
 * @returns a function that takes the claim back, to be called when the ORM is closed
 */
export function claimModels(orm: MikroORM, application: object): () => void {
  const owner: Owner = { config: orm.config, application, properties: new Map() }
  for (const meta of orm.getMetadata()) {
    owner.properties.set(meta.prototype, ownProperties(meta.prototype, Object.keys(meta.properties)))
    claims.set(meta.prototype, [...(claims.get(meta.prototype) ?? []), owner])
    install(meta.prototype)
  }
  return () => release(owner)
}

/** Makes the entities that a session creates belong to the application of the session. */
export function markMaker(session: EntityManager): void {
  const factory = session.getEntityFactory()
  const create = factory.create.bind(factory)
  factory.create = (...args) => {
    const before = maker
    maker = session.config
    try {
      return create(...args)
    } finally {
      maker = before
    }
  }
}

function ownProperties(prototype: object, names: readonly string[]): Map<string, PropertyDescriptor> {
  const entries = [...BASE_PROPERTIES, ...names].flatMap((name): [string, PropertyDescriptor][] => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
    if (!descriptor) return []
    // Defining a setter keeps the getter that is there: from the third owner on, that is the one that chooses.
    const isOurs = descriptor.get !== undefined && choosers.has(descriptor.get)
    return [[name, isOurs ? Object.assign({}, descriptor, { get: undefined }) : descriptor]]
  })
  return new Map(entries)
}

function release(owner: Owner): void {
  for (const prototype of owner.properties.keys()) {
    const left = (claims.get(prototype) ?? []).filter((other) => other !== owner)
    if (left.length > 0) claims.set(prototype, left)
    else claims.delete(prototype)
    install(prototype)
  }
}

/** One owner gets its own properties; several share accessors that choose among them. */
function install(prototype: object): void {
  const owners = claims.get(prototype) ?? []
  const [only] = owners
  if (owners.length === 1 && only) {
    for (const [name, descriptor] of only.properties.get(prototype) ?? []) {
      Object.defineProperty(prototype, name, descriptor)
    }
    return
  }
  const names = new Set(owners.flatMap((owner) => [...(owner.properties.get(prototype)?.keys() ?? [])]))
  for (const name of names) Object.defineProperty(prototype, name, choosing(prototype, name))
}

function choosing(prototype: object, name: string): PropertyDescriptor {
  const chosen = (entity: object) => choose(prototype, entity)?.properties.get(prototype)?.get(name)
  function get(this: object) {
    const descriptor = chosen(this)
    return descriptor?.get ? descriptor.get.call(this) : descriptor?.value
  }
  choosers.add(get)
  // The ORM would wrap the getter otherwise, and it could not be told any more.
  Object.defineProperty(get, '__guarded', { value: true })
  return {
    configurable: true,
    get,
    set(this: object, value: unknown) {
      const descriptor = chosen(this)
      if (descriptor?.set) descriptor.set.call(this, value)
      else Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true })
    },
  }
}

/** An entity belongs to whoever made it; one made by hand belongs to the application whose scope is open. */
function choose(prototype: object, entity: object): Owner | undefined {
  const known = ownerOf.get(entity)
  if (known) return known
  const owners = claims.get(prototype) ?? []
  const application = currentScope()?.container
  const owner =
    owners.find((candidate) => candidate.config === maker) ??
    owners.find((candidate) => candidate.application === application) ??
    owners.at(-1)
  if (owner && entity !== prototype) ownerOf.set(entity, owner)
  return owner
}
