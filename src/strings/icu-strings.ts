/** @module Texts in ICU message format, each compiled when it is first asked for. */
import type { IntlMessageFormat } from 'intl-messageformat'
import { TextValueError } from './errors.ts'
import { canonicalLanguage } from './language.ts'
import { compileMessage, fillIn, type Icu, reasonOf } from './message.ts'
import type { Text, Texts } from './read-texts.ts'
import type { Strings, TextValues } from './strings.ts'

interface Found {
  readonly text: Text
  readonly language: string
}

export class IcuStrings implements Strings {
  readonly languages: readonly string[]
  readonly #texts: ReadonlyMap<string, Texts>
  readonly #language: string
  readonly #icu: Icu | undefined
  /** One for each text at most: whatever language was asked for, a text is said in that of its file. */
  readonly #compiled = new Map<Text, IntlMessageFormat>()

  /** @param icu undefined where there are no texts */
  constructor(texts: ReadonlyMap<string, Texts>, language: string, icu: Icu | undefined) {
    this.languages = Object.freeze([...texts.keys()].sort())
    this.#texts = texts
    this.#language = language
    this.#icu = icu
  }

  /** @throws {TextValueError} when a value that the text names is missing or cannot be shown */
  text(key: string, values: TextValues = {}, language: string = this.#language): string {
    const found = this.#find(key, language) ?? this.#find(key, this.#language)
    if (found === undefined || this.#icu === undefined) return key
    try {
      return fillIn(this.#message(found, this.#icu), values)
    } catch (error) {
      throw new TextValueError(key, found.language, found.text.place, reasonOf(error), error)
    }
  }

  #message({ text, language }: Found, icu: Icu): IntlMessageFormat {
    const known = this.#compiled.get(text)
    if (known) return known
    const message = compileMessage(text.text, language, icu)
    this.#compiled.set(text, message)
    return message
  }

  /** Clients name languages too: one that is none has no texts. */
  #find(key: string, asked: string): Found | undefined {
    let language = this.#texts.has(asked) ? asked : (canonicalLanguage(asked) ?? '')
    while (language !== '') {
      const text = this.#texts.get(language)?.get(key)
      if (text) return { text, language }
      language = language.slice(0, Math.max(0, language.lastIndexOf('-')))
    }
    return undefined
  }
}
