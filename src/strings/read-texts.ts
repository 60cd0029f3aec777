/** @module Takes texts with dotted keys out of a YAML file. */
import type { Fault } from '../errors/limber-error.ts'
import { isNothing, quoted, shown, textOf, type YamlNode } from '../yaml/yaml-node.ts'

export interface Text {
  readonly text: string
  /** `modules/shop/strings/de.yaml:3` */
  readonly place: string
}

/** By key: `errors.full`. */
export type Texts = ReadonlyMap<string, Text>

/**
 * Gives the texts of a file, and adds what is wrong to `faults`.
 *
 * @param objectionTo says why a text cannot be used, as a sentence goes on
 */
export function readTexts(
  node: YamlNode,
  place: string,
  objectionTo: (text: string) => string | undefined,
  faults: Fault[],
): Texts {
  const texts = new Map<string, Text>()
  const refuse = (line: number, message: string) => faults.push({ path: `${place}:${line}`, message })
  const add = (key: string, line: number, value: YamlNode): void => {
    if (value.kind === 'map') {
      for (const [name, entry] of value.entries)
        add(key === '' ? name : `${key}.${name}`, entry.line, entry.node)
      return
    }
    const text = textOf(value)
    const first = texts.get(key)
    const objection = text === undefined ? undefined : objectionTo(text)
    if (text === undefined)
      refuse(line, `${quoted(key)} is ${shown(value)}; it has to be a text, or keys with texts.`)
    else if (first) refuse(line, `${quoted(key)} was given before, at ${first.place}.`)
    else if (objection !== undefined) refuse(line, `${quoted(key)} is ${quoted(text)}: ${objection}.`)
    else texts.set(key, { text, place: `${place}:${line}` })
  }
  if (node.kind === 'map') add('', node.line, node)
  // A file that nothing was translated in yet has nothing to say.
  else if (!isNothing(node)) refuse(node.line, `it is ${shown(node)}; it has to be keys with texts.`)
  return texts
}
