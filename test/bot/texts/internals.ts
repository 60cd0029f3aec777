/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Application, PartOwner } from 'limber'
import type { Strings } from 'limber/modules'

interface Wording {
  text(key: string, values?: Readonly<Record<string, string | number | boolean | Date>>): string
  render(template: string, values?: Readonly<Record<string, unknown>>): Promise<string>
}
interface WordingsOf {
  application(): Promise<void>
  for(owner: PartOwner | undefined, language: string | undefined): Wording
}
interface AllWordings {
  Wordings: new (app: Application, language?: string) => WordingsOf
}
interface BuiltIn {
  BUILT_IN_TEXTS: Readonly<Record<string, string>>
}
interface Parts {
  messageParts(text: string, parseMode?: 'HTML' | 'Markdown' | 'MarkdownV2'): readonly string[]
}
interface Html {
  splitHtml(html: string, limit?: number): readonly string[]
}
interface Texts {
  splitText(text: string, limit?: number): readonly string[]
}
interface Loads {
  loadStrings(folder: string, language: string, root: string): Promise<Strings>
}

const load = (file: string) => import(path.resolve('src', file))
const wordings: AllWordings = await load('bot/texts/wordings.ts')
const builtIn: BuiltIn = await load('bot/texts/built-in-texts.ts')
const parts: Parts = await load('bot/texts/message-parts.ts')
const html: Html = await load('bot/texts/split-html.ts')
const texts: Texts = await load('bot/texts/split-text.ts')
const loads: Loads = await load('strings/load-strings.ts')

export const { Wordings } = wordings
export const { BUILT_IN_TEXTS } = builtIn
export const { messageParts } = parts
export const { splitHtml } = html
export const { splitText } = texts
export const { loadStrings } = loads
