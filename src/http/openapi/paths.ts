/** @module The paths of the document: OpenAPI has one entry for all that differ in the names of their parameters only. */
import type { Route } from '../routing/route.ts'
import type { Operation, PathItem } from './document.ts'
import type { PathTemplate } from './path-template.ts'
import type { RouteGap } from './route-schemas.ts'

export class Paths {
  readonly #items = new Map<string, Record<string, Operation>>()
  /** The path that stands for each shape. */
  readonly #paths = new Map<string, string>()
  /** Who has each operation. */
  readonly #owners = new Map<string, string>()

  /** @param foreign what is described already */
  constructor(foreign: Readonly<Record<string, PathItem>>) {
    for (const [path, item] of Object.entries(foreign)) {
      this.#paths.set(shapeOf(path), path)
      this.#items.set(path, { ...item })
    }
  }

  /** The template by which the document knows a path, and its parameters by the names that they have there. */
  unify(template: PathTemplate): PathTemplate {
    const shape = shapeOf(template.path)
    const path = this.#paths.get(shape) ?? template.path
    this.#paths.set(shape, path)
    const names = path.match(PARAMETER) ?? []
    const parameters = template.parameters.map((parameter, index) => ({
      ...parameter,
      as: names[index]?.slice(1, -1) ?? parameter.name,
    }))
    return { path, parameters }
  }

  add({ method, signature }: Route, path: string, operation: Operation, gaps: RouteGap[]): void {
    const key = `${method} ${path}`
    const owner = this.#owners.get(key)
    if (owner !== undefined) {
      const reason = `OpenAPI has one operation for ${key}, and that is the one of ${owner}.`
      gaps.push({ route: signature, place: 'path', reason })
      return
    }
    this.#owners.set(key, signature)
    const item = this.#items.get(path) ?? {}
    item[method.toLowerCase()] = operation
    this.#items.set(path, item)
  }

  get all(): Readonly<Record<string, PathItem>> {
    return Object.fromEntries(this.#items)
  }
}

const PARAMETER = /\{[^}]*\}/g

function shapeOf(path: string): string {
  return path.replace(PARAMETER, '{}')
}
