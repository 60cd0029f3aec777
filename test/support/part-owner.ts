/** A module as the parts of a room are given it, for tests of that room alone. */
import path from 'node:path'

export function partOwner(name: string) {
  const strings = { languages: [], text: (key: string) => key }
  return { name, folder: path.resolve('modules', name), provider: {}, strings, connection: undefined }
}
