/** @module The schemas under `#/components/schemas`: one for each name, whoever refers to it. */
import type { JsonSchema, SchemaSide } from '../schemas/json-schema.ts'
import type { Reference } from './document.ts'
import { ComponentConflictError } from './errors.ts'
import { definitionsOf, isSchema, mapReferences, nameIn } from './references.ts'

/** A schema in the place where a route uses it. */
export interface UsedSchema {
  readonly schema: JsonSchema
  readonly side: SchemaSide
  /** The route, for messages. */
  readonly route: string
  /** What is called here what has no name of its own and refers to itself. */
  readonly name: string
  /** Whether a definition has its name from the application; the others are numbered by their library. */
  isNamed(definition: string): boolean
}

interface Variant {
  readonly use: UsedSchema
  /** Equal for equal definitions. */
  readonly fingerprint: string
  readonly refersTo: ReadonlySet<string>
}

/** First every use is noted; then the schema of each can be asked for. */
export class SchemaComponents {
  readonly #named = new Map<string, { input?: Variant; output?: Variant }>()
  readonly #taken: Set<string>
  readonly #schemas = new Map<string, JsonSchema>()
  readonly #locals = new Map<UsedSchema, Map<string, string>>()
  #names: Map<string, string> | undefined

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken)
  }

  /** @throws {ComponentConflictError} when the name of a definition means something else in another place */
  note(use: UsedSchema): void {
    for (const name of Object.keys(definitionsOf(use.schema)).filter(use.isNamed)) {
      const variant = { use, ...fingerprintOf(name, use) }
      const variants = this.#named.get(name) ?? {}
      const { fingerprint, use: first } = variants[use.side] ?? variant
      if (fingerprint !== variant.fingerprint) {
        throw new ComponentConflictError('schemas', name, first.route, use.route)
      }
      this.#named.set(name, { [use.side]: variant, ...variants })
    }
  }

  /** The schema as it stands in the document. */
  schemaOf(use: UsedSchema): JsonSchema {
    const { $defs, ...schema } = use.schema
    let refersToItself = false
    mapReferences(schema, (reference) => {
      refersToItself ||= reference === '#'
      return reference
    })
    return refersToItself ? { $ref: this.#refer('#', use) } : this.#link(schema, use)
  }

  /** Adds a schema of Limber's own. */
  add(name: string, schema: JsonSchema): Reference {
    const component = this.#claim(name)
    this.#schemas.set(component, schema)
    return { $ref: pointerTo(component) }
  }

  /** What has been referred to, by name. */
  get all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #link(schema: JsonSchema, use: UsedSchema): JsonSchema {
    return mapReferences(schema, (reference) => this.#refer(reference, use))
  }

  #refer(reference: string, use: UsedSchema): string {
    const name = nameIn(reference)
    if (name === undefined) return reference
    return pointerTo(use.isNamed(name) ? this.#namedComponent(name, use.side) : this.#local(name, use))
  }

  #namedComponent(name: string, side: SchemaSide): string {
    this.#names ??= this.#nameAll()
    const variants = this.#named.get(name)
    const component = this.#names.get(`${side} ${name}`) ?? name
    const { use } = variants?.[side] ?? {}
    if (use && !this.#schemas.has(component)) this.#define(component, name, use)
    return component
  }

  #local(name: string, use: UsedSchema): string {
    const locals = this.#locals.get(use) ?? new Map<string, string>()
    this.#locals.set(use, locals)
    const known = locals.get(name)
    if (known) return known
    const component = this.#claim(use.name)
    locals.set(name, component)
    this.#define(component, name, use)
    return component
  }

  #define(component: string, name: string, use: UsedSchema): void {
    // Before its definition is walked, which may lead back to it.
    this.#schemas.set(component, {})
    this.#schemas.set(component, this.#link(definitionIn(use, name), use))
  }

  /** What is given is called by its name; what is taken as well, unless that is something else. */
  #nameAll(): Map<string, string> {
    const differing = this.#differing()
    const names = new Map<string, string>()
    for (const [name, { output }] of this.#named) {
      const component = this.#claim(name)
      names.set(`output ${name}`, component)
      names.set(`input ${name}`, differing.has(name) && output ? this.#claim(`${name}Input`) : component)
    }
    return names
  }

  /** The names that are one thing in what is taken and another in what is given, by themselves or by what they refer to. */
  #differing(): ReadonlySet<string> {
    const differing = new Set<string>()
    let before: number
    do {
      before = differing.size
      for (const [name, { input, output }] of this.#named) {
        if (!input || !output) continue
        const isOther = input.fingerprint !== output.fingerprint
        const refersToOther = [...input.refersTo].some((other) => differing.has(other))
        if (isOther || refersToOther) differing.add(name)
      }
    } while (differing.size > before)
    return differing
  }

  #claim(name: string): string {
    const allowed = name.replace(/[^\w.-]/g, '_')
    let component = allowed
    for (let number = 2; this.#taken.has(component); number++) component = `${allowed}${number}`
    this.#taken.add(component)
    return component
  }
}

/** Library-made names are left out of it: they change with what else stands in the same schema. */
function fingerprintOf(name: string, use: UsedSchema) {
  const definitions = [name]
  const refersTo = new Set<string>()
  let fingerprint = ''
  // It grows on the way.
  for (const definition of definitions) {
    const canonical = mapReferences(definitionIn(use, definition), (reference) => {
      const target = nameIn(reference) ?? reference
      if (use.isNamed(target)) {
        refersTo.add(target)
        return target
      }
      if (!definitions.includes(target)) definitions.push(target)
      return `#${definitions.indexOf(target)}`
    })
    fingerprint += JSON.stringify(canonical)
  }
  return { fingerprint, refersTo }
}

function definitionIn({ schema }: UsedSchema, name: string): JsonSchema {
  const { $defs, ...root } = schema
  const definition = name === '' ? root : definitionsOf(schema)[name]
  return isSchema(definition) ? definition : {}
}

function pointerTo(component: string): string {
  return `#/components/schemas/${component}`
}
