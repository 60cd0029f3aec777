/** @module What a class asks for in its constructor and properties, read from inversify's metadata. */
import { ClassElementMetadataKind, type ClassMetadata, getClassMetadata } from '@inversifyjs/core'
import { injectFromBase, LazyServiceIdentifier } from 'inversify'
import { type AbstractConstructor, type Constructor, isClass } from '../support/class-of.ts'
import { NotInjectableError } from './errors.ts'
import type { ServiceKey } from './services.ts'

export interface ClassDependency {
  readonly key: ServiceKey
  readonly optional: boolean
}

const INJECTABLE = '@inversifyjs/core/classIsInjectableFlagReflectKey'
const METADATA = '@inversifyjs/core/classMetadataReflectKey'
const NOT_SERVICES = new Set<unknown>([
  String,
  Number,
  Boolean,
  Object,
  Array,
  Function,
  Symbol,
  BigInt,
  Promise,
])

/**
 * Refuses a lifetime given by the decorator: it would be hidden from whoever reads the providers.
 *
 * @throws {NotInjectableError} when `@injectable()` names a lifetime
 */
export function refuseOwnLifetime(type: AbstractConstructor, path: readonly string[]): void {
  if (!Reflect.hasOwnMetadata(INJECTABLE, type)) return
  const { scope } = readMetadata(type, path)
  if (scope === undefined || scope === 'Transient') return
  const reason = `@injectable('${scope}') names a lifetime, which is the work of a provider.`
  const hint = `Bind it in a provider with app.singleton(${type.name}) or app.scoped(${type.name}).`
  throw new NotInjectableError(type.name, reason, path, hint)
}

/**
 * Lists what has to be made before the class can be constructed.
 *
 * @throws {NotInjectableError} when a dependency cannot be told from the class
 */
export function classDependencies(type: Constructor, path: readonly string[]): ClassDependency[] {
  const metadata = readMetadata(type, path)
  const elements = [...metadata.constructorArguments, ...metadata.properties.values()]
  return elements.flatMap((element, index) => {
    if (element.kind === ClassElementMetadataKind.unmanaged) return []
    const identifier = LazyServiceIdentifier.is(element.value) ? element.value.unwrap() : element.value
    if (identifier === undefined) throw importCycle(type, index, path)
    return [{ key: identifier as ServiceKey, optional: element.optional }]
  })
}

/** Reads the metadata, and says what inversify would only call missing. */
function readMetadata(type: AbstractConstructor, path: readonly string[]): ClassMetadata {
  inherit(type)
  try {
    // inversify's type for a class asks for known parameters; it only reads metadata here.
    return getClassMetadata(type as never)
  } catch {
    throw unreadable(type, path)
  }
}

const inheriting = new WeakSet<object>()

/** Gives a subclass what its base injects: inversify passes nothing on by itself, and says nothing. */
function inherit(type: AbstractConstructor): void {
  if (inheriting.has(type)) return
  inheriting.add(type)
  const base: unknown = Object.getPrototypeOf(type)
  if (!isClass(base)) return
  inherit(base)
  if (!Reflect.hasOwnMetadata(METADATA, base)) return
  try {
    injectFromBase({ extendConstructorArguments: !hasConstructor(type) })(type)
  } catch {
    // The base cannot be read; reading the class says why, when it has no constructor of its own.
  }
}

/** Decorated classes tell by their metadata, others by their text. */
function hasConstructor(type: AbstractConstructor): boolean {
  if (Reflect.hasOwnMetadata(INJECTABLE, type)) return Reflect.hasOwnMetadata('design:paramtypes', type)
  return /\bconstructor\s*\(/.test(Function.prototype.toString.call(type))
}

function unreadable(type: AbstractConstructor, path: readonly string[]): NotInjectableError {
  if (!Reflect.hasOwnMetadata(INJECTABLE, type)) {
    const reason = `it takes ${type.length} argument${type.length === 1 ? '' : 's'}, but is not marked as injectable.`
    return new NotInjectableError(type.name, reason, path, `Put @injectable() above class ${type.name}.`)
  }
  const types: unknown = Reflect.getOwnMetadata('design:paramtypes', type)
  if (!Array.isArray(types)) {
    const reason = 'the program that runs your TypeScript does not emit decorator metadata.'
    const hint =
      'Run it with limber, or set emitDecoratorMetadata (tsx cannot do it); or name each key with @inject().'
    return new NotInjectableError(type.name, reason, path, hint)
  }
  const index = types.findIndex((value) => value === undefined || NOT_SERVICES.has(value))
  if (types[index] === undefined) return importCycle(type, Math.max(index, 0), path)
  const found = types[index] === Object ? 'an interface or a union' : `a ${types[index].name}`
  const reason = `the type of parameter ${index + 1} is ${found}, which names no service.`
  return new NotInjectableError(type.name, reason, path, "Name the service: @inject('the.key').")
}

function importCycle(type: AbstractConstructor, index: number, path: readonly string[]): NotInjectableError {
  return new NotInjectableError(
    type.name,
    `the type of parameter ${index + 1} is undefined; its file and this one probably import each other.`,
    path,
    'Break the import cycle, or inject with @inject(new LazyServiceIdentifier(() => TheClass)).',
  )
}
