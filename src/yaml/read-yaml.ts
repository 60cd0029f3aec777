/** @module Reads YAML files of modules: plain data only, and everything that could surprise is refused. */
import type { LineCounter, ParsedNode, YAMLError } from 'yaml'
import type { Fault } from '../errors/limber-error.ts'
import { loadFeature } from '../support/load-feature.ts'
import { DEEPEST, tooDeepAt } from './nesting.ts'
import { PlainNodes } from './plain-nodes.ts'
import type { YamlNode } from './yaml-node.ts'
import { type Refuse, readYamlText, type YamlSource } from './yaml-source.ts'

/**
 * Gives what a file holds. Refused are other encodings than UTF-8, control characters, links out of the folder, several
 * documents, directives, tags, anchors, aliases, merge keys, keys that occur twice, and what nests too deep.
 *
 * @throws {PackageMissingError} when `yaml` is not installed
 * @throws what `refuse` makes
 */
export async function readYaml(source: YamlSource, refuse: Refuse): Promise<YamlNode> {
  const text = await readYamlText(source, refuse)
  const yaml = await loadFeature('yaml', source.place, () => import('yaml'))
  const lines = new yaml.LineCounter()
  const at = tooDeepAt(new yaml.Lexer().lex(text))
  if (at !== undefined) {
    const line = text.slice(0, at).split('\n').length
    const message = `it nests deeper here than the ${DEEPEST} levels that are read.`
    throw refuse([{ path: `${source.place}:${line}`, message }])
  }
  const document = yaml.parseDocument<ParsedNode>(text, {
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    // Ours names both lines, and does not compare every key with every other.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  })
  const syntax = syntaxFaults([...document.errors, ...document.warnings], lines, source.place)
  if (document.directives.yaml.explicit) {
    syntax.push({ path: `${source.place}:1`, message: 'a %YAML directive is not read; leave it out.' })
  }
  // What follows a fault of the syntax is often read as something else: only those are told then.
  if (syntax.length > 0) throw refuse(syntax)
  const nodes = new PlainNodes(yaml, lines, source.place)
  const node = nodes.read(document.contents)
  if (nodes.faults.length > 0) throw refuse(nodes.faults)
  return node
}

function syntaxFaults(errors: readonly YAMLError[], lines: LineCounter, place: string): Fault[] {
  const byLine = new Map<number, Fault>()
  for (const error of errors) {
    // Tags are told by those who look at the nodes, in the same words for all of them.
    if (error.name === 'YAMLWarning' && error.code === 'TAG_RESOLVE_FAILED') continue
    const { line, col } = lines.linePos(error.pos[0])
    if (byLine.has(line)) continue
    byLine.set(line, { path: `${place}:${line}`, message: `${wordsOf(error)} (column ${col}).` })
  }
  return [...byLine.values()]
}

function wordsOf({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins; a file holds one'
  if (code === 'NON_STRING_KEY') return 'a key has to be a text'
  return `it is no YAML: ${message.replace(/\.$/, '')}`
}
