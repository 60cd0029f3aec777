/** @module Takes plain data out of a parsed YAML document, with lines, and refuses whatever is more than that. */
import type { LineCounter, Pair, ParsedNode } from 'yaml'
import type { Fault } from '../errors/limber-error.ts'
import { quoted, type YamlEntry, type YamlNode, type YamlScalar } from './yaml-node.ts'

export class PlainNodes {
  readonly faults: Fault[] = []
  readonly #yaml: typeof import('yaml')
  readonly #lines: LineCounter
  readonly #place: string

  constructor(yaml: typeof import('yaml'), lines: LineCounter, place: string) {
    this.#yaml = yaml
    this.#lines = lines
    this.#place = place
  }

  /** Gives nothing in the place of what is refused; it then is one of the faults. */
  read(node: ParsedNode | null, line = 1): YamlNode {
    if (node === null) return nothing(line)
    const own = this.#lineOf(node)
    if (this.#yaml.isAlias(node)) {
      this.#refuse(own, `the alias "*${node.source}" is not read; write the value out.`)
      return nothing(own)
    }
    this.#refuseExtras(node)
    if (this.#yaml.isScalar(node)) return this.#scalar(node.value, node.source, own)
    if (this.#yaml.isSeq<ParsedNode>(node)) {
      return { kind: 'list', line: own, items: node.items.map((item) => this.read(item, own)) }
    }
    return { kind: 'map', line: own, entries: this.#entries(node.items) }
  }

  #scalar(value: unknown, source: string, line: number): YamlScalar {
    if (typeof value === 'string') return { kind: 'scalar', line, value, written: value }
    if (typeof value === 'boolean' || value === null) return { kind: 'scalar', line, value, written: source }
    if (typeof value === 'number' && isExact(value)) return { kind: 'scalar', line, value, written: source }
    this.#refuse(line, `${quoted(source)} is no number that can be kept exactly; put it in quotes.`)
    return nothing(line)
  }

  #entries(pairs: readonly Pair<ParsedNode, ParsedNode | null>[]): Map<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>()
    for (const { key, value } of pairs) {
      const line = this.#lineOf(key)
      const name = this.#yaml.isScalar(key) ? String(key.value ?? '') : ''
      this.#refuseExtras(key)
      const first = entries.get(name)
      if (first) this.#refuse(line, `"${name}" was given before, in line ${first.line}.`)
      if (name === '') this.#refuse(line, 'a key is missing before ":".')
      if (name === '<<') this.#refuse(line, 'the merge key "<<" is not read; write the entries out.')
      if (name === '__proto__') this.#refuse(line, '"__proto__" cannot be a key.')
      if (!first) entries.set(name, { line, node: this.read(value, line) })
    }
    return entries
  }

  #refuseExtras(node: ParsedNode): void {
    const line = this.#lineOf(node)
    if (this.#yaml.isAlias(node)) return
    if (node.tag !== undefined) {
      const tag = node.tag.replace(/^tag:yaml\.org,2002:/, '!!')
      this.#refuse(line, `the tag ${quoted(tag)} is not read; leave it out.`)
    }
    if (node.anchor !== undefined)
      this.#refuse(line, `the anchor "&${node.anchor}" is not read; leave it out.`)
  }

  #lineOf(node: ParsedNode): number {
    return this.#lines.linePos(node.range[0]).line
  }

  #refuse(line: number, message: string): void {
    this.faults.push({ path: `${this.#place}:${line}`, message })
  }
}

function nothing(line: number): YamlScalar {
  return { kind: 'scalar', line, value: null, written: '' }
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}
