/** @module The names of languages. */

/** Longer ones name no language that anybody wrote texts in. */
const LONGEST = 64

/** Gives a language as BCP 47 writes it (`de-AT`), or undefined for what is none. */
export function canonicalLanguage(text: string): string | undefined {
  if (text.length > LONGEST) return undefined
  try {
    return Intl.getCanonicalLocales(text)[0]
  } catch {
    return undefined
  }
}
