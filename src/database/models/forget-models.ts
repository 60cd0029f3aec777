/** @module Takes models out of the lists that the ORM keeps of all classes of a process: they would keep their code alive. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { EntitySchema, MetadataStorage, type MikroORM } from '@mikro-orm/core'

/** Those of a connection. What the decorators have noted stays on the classes, from where the next connection takes it. */
export function forgetModels(orm: MikroORM): void {
  const classes = new Set<unknown>([...orm.getMetadata()].map((meta) => meta.class))
  const listed: Record<string, { readonly class?: unknown }> = MetadataStorage.getMetadata()
  for (const [key, meta] of Object.entries(listed)) {
    if (classes.has(meta.class) && isDecorated(meta.class)) delete listed[key]
  }
  for (const model of classes) {
    if (isDecorated(model)) EntitySchema.REGISTRY.delete(model as never)
  }
}

/**
 * Those of a folder, also when no connection has ever had them: the last class of each name and file is kept.
 *
 * @param folder absolute, a real path
 */
export function forgetModelsIn(folder: string): void {
  const known: Record<string, { readonly path: string }> = MetadataStorage.getMetadata()
  for (const [key, { path: place }] of Object.entries(known)) {
    const file = place?.startsWith('file:') ? fileURLToPath(place) : place
    if (file?.startsWith(folder + path.sep)) delete known[key]
  }
}

function isDecorated(model: unknown): model is object {
  return typeof model === 'function' && Object.hasOwn(model, MetadataStorage.META_SYMBOL)
}
