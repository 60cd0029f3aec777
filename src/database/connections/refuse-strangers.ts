/** @module Makes a connection refuse the models of others. */
import type { MetadataStorage, MikroORM } from '@mikro-orm/core'

/** Seam: `MetadataStorage.find`, which takes a class that it does not know by its name. */
export function refuseStrangers(orm: MikroORM, refuse: (model: object) => void): void {
  const storage: MetadataStorage = orm.getMetadata()
  const find = storage.find.bind(storage)
  storage.find = ((model: Parameters<typeof find>[0]) => {
    if (typeof model === 'function' && !storage.has(model)) refuse(model)
    return find(model)
  }) as typeof storage.find
}
