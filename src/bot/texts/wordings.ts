/** @module The texts and templates of the application and of its modules, for whoever an update came from. */
import type { Application } from '../../application/application.ts'
import type { PartOwner } from '../../application/ports/module-part.ts'
import { canonicalLanguage } from '../../strings/language.ts'
import { loadStrings } from '../../strings/load-strings.ts'
import type { Strings, TextValues } from '../../strings/strings.ts'
import type { Wording } from '../incoming/incoming-facts.ts'
import { builtInText } from './built-in-texts.ts'
import { Templates } from './templates.ts'

export class Wordings {
  readonly #app: Application
  readonly #language: string
  readonly #templates: Templates
  /** By owner: they come and go with modules. */
  readonly #templatesOf = new WeakMap<PartOwner, Templates>()
  #strings: Strings | undefined

  /** @param language what stands in for languages that there are no texts in */
  constructor(app: Application, language = 'en') {
    this.#app = app
    this.#language = canonicalLanguage(language) ?? language
    this.#templates = new Templates(app.root, this.#language, app.root)
  }

  /**
   * Reads the texts of the application. Before that they are their keys.
   *
   * @throws {StringsError} with every fault and its line @throws {PackageMissingError}
   */
  async application(): Promise<void> {
    this.#strings ??= await loadStrings(this.#app.root, this.#language, this.#app.root)
  }

  /** The texts of the application; undefined before they are read. */
  get strings(): Strings | undefined {
    return this.#strings
  }

  /**
   * Gives the texts and the templates of a module, or of the application.
   *
   * @param language of the user, as clients send it: any text
   */
  for(owner: PartOwner | undefined, language: string | undefined): Wording {
    const asked = canonicalLanguage(language ?? '') ?? this.#language
    const templates = this.#templatesFor(owner)
    return {
      text: (key, values = {}) => this.#text(owner, key, values, asked),
      render: (template, values = {}) => templates.render(template, asked, values),
    }
  }

  #text(owner: PartOwner | undefined, key: string, values: TextValues, language: string): string {
    const own = owner?.strings.text(key, values, language) ?? key
    if (own !== key) return own
    const builtIn = builtInText(key)
    // A module has no use for what the application says, other than in the name of the bot.
    if (owner !== undefined && builtIn === undefined) return key
    const text = this.#strings?.text(key, values, language) ?? key
    return text === key ? (builtIn ?? key) : text
  }

  #templatesFor(owner: PartOwner | undefined): Templates {
    if (!owner) return this.#templates
    let templates = this.#templatesOf.get(owner)
    if (!templates) {
      templates = new Templates(owner.folder, this.#language, this.#app.root)
      this.#templatesOf.set(owner, templates)
    }
    return templates
  }
}
