/** @module The texts of an application or of a module, in several languages. */

export type TextValues = Readonly<Record<string, string | number | boolean | Date>>

export interface Strings {
  /** The languages there are: `de`, `en`. */
  readonly languages: readonly string[]
  /**
   * Gives a text with its values filled in. What the language does not have is taken from a broader one (`de-AT` from `de`),
   * then from the language of the manifest; what that does not have either is its key.
   *
   * @param key with dots where the file nests: `errors.full`
   * @param language default: that of the manifest
   * @throws {TextValueError} when a value that the text names is missing or cannot be shown
   */
  text(key: string, values?: TextValues, language?: string): string
}
