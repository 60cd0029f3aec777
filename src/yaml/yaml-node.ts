/** @module What a YAML file holds, with the line of everything in it. */

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly line: number
  readonly value: string | number | boolean | null
  /** As it stands in the file, without quotes: `1.10`, where the value is 1.1. */
  readonly written: string
}

export interface YamlList {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly YamlNode[]
}

export interface YamlMap {
  readonly kind: 'map'
  readonly line: number
  readonly entries: ReadonlyMap<string, YamlEntry>
}

export interface YamlEntry {
  /** Of the key. */
  readonly line: number
  readonly node: YamlNode
}

export type YamlNode = YamlScalar | YamlList | YamlMap

/** Gives plain data, frozen at every depth. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return Object.freeze(node.items.map(plainOf))
  return Object.freeze(
    Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainOf(entry.node)])),
  )
}

/**
 * Gives a text, or undefined for what is none. Numbers are taken as they are written, since `zod: 4` and `version: 1.10.0`
 * mean texts that only one of them looks like.
 */
export function textOf(node: YamlNode): string | undefined {
  if (node.kind !== 'scalar') return undefined
  return typeof node.value === 'string' || typeof node.value === 'number' ? node.written : undefined
}

export function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** What stands there, for messages: `"1.x"`, `a list`. */
export function shown(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`
  if (node.value === null) return 'nothing'
  return quoted(node.written)
}

/** A text in double quotes; a long one is cut, and what a terminal would obey is written out. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)
}
