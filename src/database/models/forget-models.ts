/** @module Lets go of the models of a folder, so that their classes can be collected. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { MetadataStorage } from '@mikro-orm/core'

/**
 * Takes the models of a folder out of the global list of the ORM, which keeps the last class of each name and file. A class
 * that is still in use goes on working: what was decorated is noted at the class itself.
 *
 * @param folder absolute, a real path
 */
export function forgetModels(folder: string): void {
  const known: Record<string, { readonly path: string }> = MetadataStorage.getMetadata()
  for (const [key, { path: place }] of Object.entries(known)) {
    const file = place?.startsWith('file:') ? fileURLToPath(place) : place
    if (file?.startsWith(folder + path.sep)) delete known[key]
  }
}
