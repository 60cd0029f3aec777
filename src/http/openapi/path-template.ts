/** @module From the paths of routes to those of OpenAPI: `/books/:id(\\d+)` is `/books/{id}`. */
import { expressionsOf, fillPath, parametersOf } from '../routing/path.ts'

export interface PathTemplate {
  readonly path: string
  readonly parameters: readonly PathParameter[]
}

export interface PathParameter {
  readonly name: string
  /** What the document calls it, where another route has called it otherwise. */
  readonly as?: string
  /** What the path itself demands of it. */
  readonly pattern?: string
}

/** Two templates for a path that ends in an optional parameter: OpenAPI has none. */
export function templatesOf(path: string): readonly PathTemplate[] {
  const expressions = expressionsOf(path)
  const parameters = parametersOf(path).map((name) => {
    // The router matches the whole value, with these marks and without.
    const expression = expressions.get(name)?.replace(/^\^|\$$/g, '')
    return { name, ...(expression !== undefined && { pattern: `^(${expression})$` }) }
  })
  const whole = { path: fillPath(path, (name) => `{${name}}`), parameters }
  if (!path.endsWith('?')) return [whole]
  const shorter = fillPath(path, (name, isOptional) => (isOptional ? '' : `{${name}}`))
  return [{ path: shorter.replace(/(?<=.)\/$/, ''), parameters: parameters.slice(0, -1) }, whole]
}
