/** @module The paths of routes: `/authors/:author/books/:book`, with `*` for the rest of a path. */

/** A parameter as it is written: its name, perhaps with an expression that it has to match, perhaps optional. */
const PARAMETER = /:(\w+)(\((?:[^()\\]|\\.|\([^()]*\))*\))?(\?)?/g

type Before<Text extends string, Mark extends string> = Text extends `${infer Name}${Mark}${string}`
  ? Name
  : Text

type Name<Text extends string> = Before<Before<Before<Text, '-'>, '.'>, '?'>

type SegmentParams<Segment extends string> = Segment extends `${string}:${infer Rest}`
  ? Rest extends `${infer Param}(${string})${infer After}`
    ? Name<Param> | SegmentParams<After>
    : Name<Rest> | SegmentParams<Rest>
  : Segment extends `${string}*`
    ? '*'
    : never

/** The names of the parameters of a path; that of `*` is `*`. */
export type PathParams<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? SegmentParams<Head> | PathParams<Tail>
  : SegmentParams<Path>

/** The names of the parameters of a path, in their order. */
export function parametersOf(path: string): string[] {
  const names = [...path.matchAll(PARAMETER)].map((match) => String(match[1]))
  return path.endsWith('*') ? [...names, '*'] : names
}

/** What parameters have to match, by their names. */
export function expressionsOf(path: string): ReadonlyMap<string, string> {
  const found = path.matchAll(PARAMETER)
  return new Map([...found].flatMap(([, name, group]) => (name && group ? [[name, group.slice(1, -1)]] : [])))
}

/** The path without the names of its parameters: two routes with the same shape answer the same requests. */
export function shapeOf(path: string): string {
  return path.replace(PARAMETER, (_all, _name, expression = '', optional = '') => `:${expression}${optional}`)
}

/** Why no request could be matched with a path; undefined when there is no reason. */
export function pathFault(path: string): string | undefined {
  const literal = path.replace(PARAMETER, (_all, _name, _expression, optional = '') => optional)
  for (const [name, expression] of expressionsOf(path)) {
    if (!isExpression(expression)) return `the expression of its parameter "${name}" is none.`
  }
  // An expression that is written in more depth than is read here may have these signs.
  if (literal.includes('(')) return undefined
  if (literal.slice(0, -1).includes('?'))
    return 'a parameter that is not the last part of its path is optional.'
  if (literal.slice(0, -1).includes('*'))
    return 'a star stands for the rest of a path, and something comes behind it.'
  return undefined
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

/** The shapes that it stands for: with its optional parameter, and without. */
export function shapesOf(path: string): string[] {
  const shape = shapeOf(path)
  const [optional] = /\/:[^/]*\?$/.exec(shape) ?? []
  return optional === undefined ? [shape] : [shape.slice(0, -1), shape.slice(0, -optional.length) || '/']
}

/** What the paths look like that requests may have for it: parameters by their expressions, or anything. */
export function patternOf(path: string): RegExp {
  let pattern = ''
  let end = 0
  for (const { 0: written, 2: expression, 3: optional, index } of path.matchAll(PARAMETER)) {
    const before = escaped(path.slice(end, index))
    const value = expression ? expression.slice(1, -1).replace(/^\^|\$$/g, '') : '[^/]+?'
    // Without an optional parameter the slash before it goes as well.
    pattern += optional ? `${before.slice(0, -1)}(?:/(?:${value}))?` : `${before}(?:${value})`
    end = index + written.length
  }
  const rest = path.slice(end)
  return new RegExp(`^${pattern}${rest.endsWith('*') ? `${escaped(rest.slice(0, -1))}.*` : escaped(rest)}$`)
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')
}

/** The path with its parameters filled in by a function. */
export function fillPath(path: string, fill: (name: string, isOptional: boolean) => string): string {
  // A value may end with a star as well, which is none of the path.
  const [written, rest] = path.endsWith('*') ? [path.slice(0, -1), fill('*', false)] : [path, '']
  return (
    written.replace(PARAMETER, (_all, name, _expression, optional) => fill(name, optional === '?')) + rest
  )
}

/** One path behind another: `/admin` and `/books` are `/admin/books`. */
export function joinPaths(prefix: string, path: string): string {
  if (prefix === '' || prefix === '/') return path
  return path === '/' ? prefix : `${prefix}${path}`
}

/** The path of a URL as it was sent, without its query. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}
