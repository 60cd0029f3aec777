/** @module The properties of a manifest: how each is read, and what it may be. */

import { canonicalLanguage } from '../../strings/language.ts'
import { suggest } from '../../support/suggest.ts'
import { plainOf, quoted, shown, textOf, type YamlEntry } from '../../yaml/yaml-node.ts'
import { isPermission, PERMISSIONS, type Permission } from '../permissions/permission.ts'
import type { ManifestFaults } from './manifest-faults.ts'

type Texts = Readonly<Record<string, string>>

/** Reads a text of one paragraph; a terminal shows it. */
export function readText(property: string, { line, node }: YamlEntry, faults: ManifestFaults): string {
  const text = textOf(node)
  if (text === undefined) faults.addWrong(line, property, node, 'a text')
  else if (/[^\P{Cc}\t\n\r]/u.test(text))
    faults.addWrong(line, property, node, 'a text without control characters')
  return text?.trim() ?? ''
}

export function readFlag(property: string, { line, node }: YamlEntry, faults: ManifestFaults): boolean {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value
  faults.addWrong(line, property, node, 'true or false')
  return false
}

export function readLanguage(property: string, { line, node }: YamlEntry, faults: ManifestFaults): string {
  const language = canonicalLanguage(textOf(node) ?? '')
  if (language === undefined) faults.addWrong(line, property, node, 'a language such as "en" or "de-AT"')
  return language ?? ''
}

export function readPermissions(
  property: string,
  { line, node }: YamlEntry,
  faults: ManifestFaults,
): readonly Permission[] {
  if (node.kind !== 'list') {
    faults.addWrong(line, property, node, 'a list: [use_db]')
    return []
  }
  const permissions = new Map<Permission, number>()
  for (const item of node.items) {
    const text = textOf(item) ?? ''
    if (!isPermission(text)) faults.add(item.line, unknownPermission(shown(item), text))
    else if (permissions.has(text)) faults.add(item.line, `the permission "${text}" was given before.`)
    else permissions.set(text, item.line)
  }
  const both = permissions.has('use_db') ? permissions.get('require_db') : undefined
  if (both !== undefined) {
    faults.add(
      both,
      '"use_db" and "require_db" exclude each other: keep the one that says what happens without.',
    )
  }
  return Object.freeze([...permissions.keys()])
}

function unknownPermission(given: string, text: string): string {
  const known = Object.keys(PERMISSIONS)
  const near = suggest(text, known)
  return `the permission ${given} is unknown. ${near ? `Did you mean "${near}"?` : `There are ${known.join(', ')}.`}`
}

export interface RangeRules {
  /** Why something cannot be named so, as a sentence goes on. */
  objectionTo(name: string): string | undefined
  isRange(text: string): boolean
}

/** Reads names with ranges of versions. */
export function readRanges(
  property: string,
  { line, node }: YamlEntry,
  faults: ManifestFaults,
  { objectionTo, isRange }: RangeRules,
): Texts {
  if (node.kind !== 'map') {
    faults.addWrong(line, property, node, 'names with ranges of versions: { users: ^2.0.0 }')
    return {}
  }
  const ranges: [string, string][] = []
  for (const [name, entry] of node.entries) {
    const objection = objectionTo(name)
    const range = textOf(entry.node)
    if (objection !== undefined) faults.add(entry.line, `"${property}" names ${quoted(name)}: ${objection}.`)
    if (range !== undefined && range.trim() !== '' && isRange(range)) ranges.push([name, range])
    else
      faults.addWrong(entry.line, `${property}.${name}`, entry.node, 'a range of versions such as "^2.0.0"')
  }
  return Object.freeze(Object.fromEntries(ranges))
}

export function readConfig(
  property: string,
  { line, node }: YamlEntry,
  faults: ManifestFaults,
): Readonly<Record<string, unknown>> {
  if (node.kind !== 'map') faults.addWrong(line, property, node, 'names with values: { start: 10 }')
  const entries = node.kind === 'map' ? [...node.entries] : []
  return Object.freeze(Object.fromEntries(entries.map(([key, entry]) => [key, plainOf(entry.node)])))
}
