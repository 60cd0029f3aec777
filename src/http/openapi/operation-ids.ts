/** @module What operations are called: programs that are written from the document make functions of it. */
import type { Route } from '../routing/route.ts'
import type { PathTemplate } from './path-template.ts'

/** A route under one of its paths: it has two when its last parameter is optional. */
export interface RoutePath {
  readonly route: Route
  readonly template: PathTemplate
}

/** The name of the route where it has one, else its method and path; never the same twice. */
export class OperationIds {
  readonly #taken: Set<string>
  readonly #ids = new Map<RoutePath, string>()

  constructor(entries: readonly RoutePath[], taken: Iterable<string>) {
    this.#taken = new Set(taken)
    const isNamed = ({ route }: RoutePath) => route.options.name !== undefined
    for (const entry of entries) if (isNamed(entry)) this.#claim(entry, String(entry.route.options.name))
    for (const entry of entries) if (!isNamed(entry)) this.#claim(entry, derivedFrom(entry))
  }

  of(entry: RoutePath): string {
    return this.#ids.get(entry) ?? derivedFrom(entry)
  }

  #claim(entry: RoutePath, wanted: string): void {
    let id = wanted
    for (let number = 2; this.#taken.has(id); number++) id = `${wanted}${number}`
    this.#taken.add(id)
    this.#ids.set(entry, id)
  }
}

/** `GET /books/:id` is `getBooksId`. */
function derivedFrom({ route, template }: RoutePath): string {
  return `${route.method.toLowerCase()}${pascalCase(template.path.replace('*', 'rest')) || 'Root'}`
}

/** `books.show` is `BooksShow`. */
export function pascalCase(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
