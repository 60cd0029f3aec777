/** @module Reads the texts of an application or of a module from `strings/<language>.yaml`. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Fault } from '../errors/limber-error.ts'
import { codeOf } from '../support/code-of.ts'
import { loadFeature } from '../support/load-feature.ts'
import { placeFrom } from '../support/place-from.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { quoted } from '../yaml/yaml-node.ts'
import type { YamlSource } from '../yaml/yaml-source.ts'
import { StringsError } from './errors.ts'
import { IcuStrings } from './icu-strings.ts'
import { canonicalLanguage } from './language.ts'
import { type Icu, objectionToMessage } from './message.ts'
import { readTexts, type Texts } from './read-texts.ts'
import type { Strings } from './strings.ts'

const FOLDER = 'strings'
const LIMIT = 256 * 1024

/** By language, as BCP 47 writes it: the name of its file. */
type Files = ReadonlyMap<string, string>

/**
 * Reads and checks all texts of an application or of a module. One without `strings/` loads nothing for it.
 *
 * @param folder that `strings/` is in
 * @param language what stands in for what another language leaves out: that of the manifest, that of the bot
 * @param root of the application
 * @throws {StringsError} with every fault and its line @throws {PackageMissingError}
 */
export async function loadStrings(folder: string, language: string, root: string): Promise<Strings> {
  const place = placeFrom(root, path.join(folder, FOLDER))
  const faults: Fault[] = []
  const files = languageFiles(await namesIn(path.join(folder, FOLDER), place), place, faults)
  if (files.size > 0 && !files.has(language)) {
    const message = `there is no ${language}.yaml; it stands in for what the other languages leave out.`
    faults.push({ path: place, message })
  }
  if (files.size === 0 && faults.length === 0) return new IcuStrings(new Map(), language, undefined)
  const { IntlMessageFormat: icu } = await loadFeature(
    'intl-messageformat',
    place,
    () => import('intl-messageformat'),
  )
  const texts = new Map<string, Texts>()
  for (const [each, name] of files) {
    const source = { folder, name: `${FOLDER}/${name}`, place: `${place}/${name}`, limit: LIMIT }
    texts.set(each, await textsOf(source, each, icu, faults))
  }
  if (faults.length > 0) throw new StringsError(faults)
  return new IcuStrings(texts, language, icu)
}

async function namesIn(folder: string, place: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return []
    const message = code === 'ENOTDIR' ? 'it is no folder.' : `the folder cannot be read: ${code}.`
    throw new StringsError([{ path: place, message }], error)
  }
}

function languageFiles(names: readonly string[], place: string, faults: Fault[]): Files {
  const files = new Map<string, string>()
  for (const name of names) {
    const add = (message: string) => faults.push({ path: `${place}/${name}`, message })
    const language = canonicalLanguage(path.parse(name).name)
    if (!name.endsWith('.yaml') || language === undefined) {
      add('what is here has to be named by a language: "en.yaml", "de-AT.yaml".')
    } else if (files.has(language)) {
      add(`${quoted(language)} has another file: ${files.get(language)}.`)
    } else {
      files.set(language, name)
    }
  }
  return files
}

/** The texts of one file; what is wrong with it is told with what is wrong with the others. */
async function textsOf(source: YamlSource, language: string, icu: Icu, faults: Fault[]): Promise<Texts> {
  try {
    const node = await readYaml(source, (found, cause) => new StringsError(found, cause))
    return readTexts(node, source.place, (text) => objectionToMessage(text, language, icu), faults)
  } catch (error) {
    if (!(error instanceof StringsError)) throw error
    faults.push(...error.faults)
    return new Map()
  }
}
