/** @module Loads the texts of a module. */
import type { Strings } from './strings.ts'

export async function loadStrings(_folder: string, _language: string, _root: string): Promise<Strings> {
  return { languages: [], text: (key) => key }
}
