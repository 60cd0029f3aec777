/** @module The templates of a folder `templates/`, filled in by liquidjs. */
import path from 'node:path'
import type { Liquid } from 'liquidjs'
import { loadFeature } from '../../support/load-feature.ts'
import { placeFrom } from '../../support/place-from.ts'
import { TemplateNotFoundError } from './errors.ts'
import { liquidOf } from './liquid.ts'
import { templateErrorOf } from './template-error.ts'
import { readTemplates, type TemplateFile } from './template-files.ts'

/** How much a template may say: each value and each piece of text between tags. */
const MOST_PIECES = 100_000

/** The templates as they are in one language. */
interface Edition {
  readonly files: ReadonlyMap<string, TemplateFile>
  readonly liquid: Liquid
}

interface Loaded {
  readonly files: readonly TemplateFile[]
  readonly liquid: typeof Liquid
}

export class Templates {
  readonly #folder: string
  readonly #place: string
  readonly #language: string
  readonly #root: string
  /** By the language that was asked for, as far as there are templates in it. */
  readonly #editions = new Map<string, Edition>()
  #loading: Promise<Loaded> | undefined

  /**
   * @param folder that `templates/` is in
   * @param language what stands in where a template is neither in that of the user nor in none
   */
  constructor(folder: string, language: string, root: string) {
    this.#folder = path.join(folder, 'templates')
    this.#place = placeFrom(root, this.#folder)
    this.#language = language
    this.#root = root
  }

  /**
   * Fills in a template.
   *
   * @param language as BCP 47 writes it
   * @throws {TemplateNotFoundError} @throws {TemplateError} with file and line @throws {PackageMissingError}
   */
  async render(name: string, language: string, values: Readonly<Record<string, unknown>>): Promise<string> {
    const { files, liquid } = await this.#edition(language)
    if (!files.has(name)) throw new TemplateNotFoundError(name, this.#place, [...files.keys()])
    try {
      const text: unknown = await liquid.renderFile(name, values, { templateLimit: MOST_PIECES })
      return String(text)
    } catch (error) {
      throw templateErrorOf(error, files, name)
    }
  }

  async #edition(language: string): Promise<Edition> {
    const { files, liquid } = await this.#load()
    const languages = new Set(files.map((file) => file.language))
    // Clients name languages as they like, and each of them would be kept.
    const asked = broaderOf(language).find((each) => languages.has(each)) ?? ''
    let edition = this.#editions.get(asked)
    if (!edition) {
      const chosen = choose(files, [...broaderOf(asked), '', ...broaderOf(this.#language)])
      edition = { files: chosen, liquid: liquidOf(liquid, chosen) }
      this.#editions.set(asked, edition)
    }
    return edition
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#read().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  async #read(): Promise<Loaded> {
    const { Liquid } = await loadFeature('liquidjs', this.#place, () => import('liquidjs'))
    return { files: await readTemplates(this.#folder, this.#root), liquid: Liquid }
  }
}

/** `de-AT` and `de` for `de-AT`. */
function broaderOf(language: string): readonly string[] {
  const parts = language === '' ? [] : language.split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}

/** Each template in the first of these languages that it is in. */
function choose(files: readonly TemplateFile[], languages: readonly string[]): Map<string, TemplateFile> {
  const chosen = new Map<string, TemplateFile>()
  for (const language of languages) {
    for (const file of files) {
      if (file.language === language && !chosen.has(file.name)) chosen.set(file.name, file)
    }
  }
  return chosen
}
