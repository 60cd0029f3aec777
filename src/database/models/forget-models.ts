/** @module Takes models out of the list that the ORM keeps of all classes of a process: it would keep their code alive. */
import { EntitySchema, MetadataStorage, type MikroORM } from '@mikro-orm/core'

/** What the decorators have noted stays on the classes, from where the next connection takes it. */
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

function isDecorated(model: unknown): model is object {
  return typeof model === 'function' && Object.hasOwn(model, MetadataStorage.META_SYMBOL)
}
