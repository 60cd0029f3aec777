/** @module Checks what module.yaml holds, and tells all of its faults at once. */
import type { Fault } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'
import { isNothing, quoted, shown, textOf, type YamlEntry, type YamlNode } from '../../yaml/yaml-node.ts'
import type { Manifest } from './manifest.ts'
import { ManifestFaults } from './manifest-faults.ts'
import {
  readConfig,
  readFlag,
  readLanguage,
  readPermissions,
  readRanges,
  readText,
} from './manifest-properties.ts'
import { objectionToName } from './module-name.ts'
import { isVersion, type Semver } from './semver.ts'

export interface ManifestRules {
  /** What the module has to be named. */
  readonly name: string
  /** Of the file, from the root. */
  readonly place: string
  readonly semver: Semver
}

export interface CheckedManifest {
  readonly manifest: Manifest
  readonly faults: readonly Fault[]
}

type Read<T> = (property: string, entry: YamlEntry, faults: ManifestFaults) => T

/** The manifest is worth something only when there are no faults. */
export function checkManifest(node: YamlNode, rules: ManifestRules): CheckedManifest {
  const faults = new ManifestFaults(rules.place)
  if (node.kind !== 'map') {
    const message = isNothing(node) ? 'it is empty' : `it is ${shown(node)}`
    faults.add(node.line, `${message}; it has to be properties with values: name, version and others.`)
  }
  const entries: ReadonlyMap<string, YamlEntry> = node.kind === 'map' ? node.entries : new Map()
  const manifest = readManifestProperties(entries, rules, faults)
  for (const [property, { line }] of entries) {
    if (!Object.hasOwn(manifest, property)) faults.add(line, unknownProperty(property, Object.keys(manifest)))
  }
  // Told in the order of the lines, whatever the order in which they were looked at.
  const lineOf = ({ path }: Fault) => Number(path.slice(path.lastIndexOf(':') + 1))
  return { manifest, faults: faults.all.sort((a, b) => lineOf(a) - lineOf(b)) }
}

function readManifestProperties(
  entries: ReadonlyMap<string, YamlEntry>,
  { name, semver }: ManifestRules,
  faults: ManifestFaults,
): Manifest {
  /** A property without a value counts as left out. */
  function read<T>(property: keyof Manifest, how: Read<T>, without: T): T {
    const entry = entries.get(property)
    return entry === undefined || isNothing(entry.node) ? without : how(property, entry, faults)
  }
  function need(property: keyof Manifest, how: Read<string>, example: string): string {
    const entry = entries.get(property)
    if (entry !== undefined && !isNothing(entry.node)) return how(property, entry, faults)
    if (entries.size > 0)
      faults.add(entry?.line ?? 1, `"${property}" is missing, such as ${property}: ${example}.`)
    return ''
  }
  const isRange = (text: string) => semver.validRange(text) !== null
  const requires = { objectionTo: (other: string) => objectionToRequired(other, name), isRange }
  const packages = { objectionTo: objectionToPackage, isRange }
  return Object.freeze({
    name: need('name', readName(name), objectionToName(name) === undefined ? name : 'shop'),
    version: need('version', readVersion(semver), '1.0.0'),
    description: read('description', readText, ''),
    author: read('author', readText, ''),
    permissions: read('permissions', readPermissions, Object.freeze([])),
    autoLoad: read('autoLoad', readFlag, true),
    requires: read('requires', (...given) => readRanges(...given, requires), Object.freeze({})),
    packages: read('packages', (...given) => readRanges(...given, packages), Object.freeze({})),
    language: read('language', readLanguage, 'en'),
    config: read('config', readConfig, Object.freeze({})),
  })
}

function readName(expected: string): Read<string> {
  return (property, { line, node }, faults) => {
    const name = textOf(node)
    const objection = name === undefined ? 'it has to be a text' : objectionToName(name)
    if (name === undefined || objection !== undefined) {
      faults.add(line, `"${property}" is ${shown(node)}; ${objection}.`)
    } else if (name !== expected) {
      const folder = `its folder is named ${quoted(expected)}; they have to be the same`
      faults.add(line, `"${property}" is ${shown(node)}, and ${folder}.`)
    }
    return name ?? ''
  }
}

function readVersion(semver: Semver): Read<string> {
  return (property, { line, node }, faults) => {
    const version = textOf(node)
    if (version !== undefined && isVersion(version, semver)) return version
    faults.addWrong(line, property, node, 'a semantic version such as "1.3.0"')
    return ''
  }
}

function objectionToRequired(other: string, name: string): string | undefined {
  return other === name ? 'a module cannot require itself' : objectionToName(other)
}

function objectionToPackage(name: string): string | undefined {
  const isName = name.length <= 214 && /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name)
  return isName ? undefined : 'that is no name of a package, such as "zod"'
}

function unknownProperty(property: string, known: readonly string[]): string {
  const near = suggest(property, known)
  const hint = near ? `Did you mean "${near}"?` : 'What is your own belongs under "config".'
  return `${quoted(property)} is no property of a manifest. ${hint}`
}
