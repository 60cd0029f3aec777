/** @module Collections that are replaced without having been loaded: the ORM would wipe their rows, or links, with the trash. */
import type { Collection, DriverMethodOptions, EntityMetadata, FilterQuery, MikroORM } from '@mikro-orm/core'
import { FlushMode, helper, ReferenceKind, Utils } from '@mikro-orm/core'
import type { AbstractSqlDriver } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import { cascadeTrash, type TrashingSession } from './cascade.ts'
import { DELETED_AT, isTrashed } from './deleted-at.ts'
import { hasKey } from './entity-rows.ts'
import { freeStamp } from './free-stamp.ts'
import { chunksOf } from './key-rows.ts'
import { isSoftModel } from './soft-models.ts'
import { trashByKeys } from './trash-by-keys.ts'
import { mirrorTrashed } from './trash-memory.ts'

type AnyCollection = Collection<object, object>

/** Seam: `AbstractSqlDriver.syncCollections`. A collection without a snapshot has been replaced before it was loaded. */
export function replaceLiveOnly(orm: MikroORM): void {
  // Every driver of Limber speaks SQL.
  const driver = orm.driver as unknown as AbstractSqlDriver
  const syncCollections = driver.syncCollections.bind(driver)
  driver.syncCollections = async (collections, options = {}) => {
    // The types of owner and items do not matter here.
    const all = [...collections] as unknown as AnyCollection[]
    const replaced = all.filter(
      (each) => each.getSnapshot() === undefined && isSoftModel(each.property.targetMeta),
    )
    const isChildren = (each: AnyCollection) => each.property.kind === ReferenceKind.ONE_TO_MANY
    const children = new Set(replaced.filter(isChildren))
    for (const each of children) await replaceChildren(each, options)
    const linked = replaced.filter((each) => !children.has(each))
    try {
      for (const each of linked) await showLinks(each, options)
      await syncCollections(
        all.filter((each) => !children.has(each)),
        options,
      )
    } finally {
      for (const each of linked) Reflect.deleteProperty(each, 'getSnapshot')
    }
  }
}

/** The live children that are not in the collection any more are trashed where they would be deleted, or lose their parent. */
async function replaceChildren(collection: AnyCollection, options: DriverMethodOptions): Promise<void> {
  const { targetMeta, mappedBy, orphanRemoval } = collection.property
  const meta = targetMeta?.root
  if (!meta) return
  const session = sessionOf(collection)
  const kept = keysOf(collection.getItems(false))
  const live = { [mappedBy]: helper(collection.owner).getPrimaryKey(), [DELETED_AT]: null }
  const rows = await read(session, meta, live, meta.primaryKeys, options)
  const gone = rows.filter((row) => !kept.has(helper(row).getSerializedPrimaryKey()))
  for (const chunk of chunksOf(gone)) {
    const keys = chunk.map((row) => helper(row).getPrimaryKey())
    if (orphanRemoval) await trash(session, meta, keys, options)
    else {
      const where = { ...hasKey(meta, keys), [DELETED_AT]: null }
      await session.getDriver().nativeUpdate(meta.class, where, { [mappedBy]: null }, { ...options })
    }
  }
}

async function trash(
  session: TrashingSession,
  meta: EntityMetadata<object>,
  keys: readonly unknown[],
  options: DriverMethodOptions,
): Promise<void> {
  const where = () => hasKey(meta, keys)
  const stamp = await freeStamp(session, [{ meta, where }], options)
  await trashByKeys(session, meta, keys, stamp, options)
  await mirrorTrashed(session, session.journal, meta, stamp, options)
  await cascadeTrash(session, meta, stamp, { ...options, where: where() })
}

/** Lets the collection seem to have been loaded: links to the trash are not a part of what is replaced. */
async function showLinks(collection: AnyCollection, options: DriverMethodOptions): Promise<void> {
  const { owner, property } = collection
  const { primaryKeys, root } = helper(owner).__meta
  const where = hasKey(root, [helper(owner).getPrimaryKey()])
  const fields = [...primaryKeys, `${property.name}.${DELETED_AT}`]
  const [row] = await read(sessionOf(collection), helper(owner).__meta, where, fields, options, [
    property.name,
  ])
  const links: unknown = row && Reflect.get(row, property.name)
  const linked: object[] = Utils.isCollection(links) ? links.getItems(false) : []
  const wanted = keysOf(collection.getItems(false))
  const snapshot = linked.filter(
    (item) => !isTrashed(item) || wanted.has(helper(item).getSerializedPrimaryKey()),
  )
  Object.defineProperty(collection, 'getSnapshot', { value: () => snapshot, configurable: true })
}

function read(
  session: TrashingSession,
  meta: EntityMetadata<object>,
  where: object,
  fields: readonly string[],
  { ctx, schema }: DriverMethodOptions,
  populate: readonly string[] = [],
): Promise<object[]> {
  const options = {
    ...(ctx ? { ctx } : {}),
    ...(schema ? { schema } : {}),
    fields,
    populate,
    filters: false,
    withTrashed: true,
    disableIdentityMap: true,
    flushMode: FlushMode.COMMIT,
    connectionType: 'write',
    // The names are those of the metadata, which the types of the ORM cannot know.
  } as object
  return asOwnRead(() => session.find<object>(meta.class, where as FilterQuery<object>, options))
}

/** Every session of a connection is one that trashes. */
function sessionOf({ owner }: AnyCollection): TrashingSession {
  return helper(owner).__em as unknown as TrashingSession
}

function keysOf(items: readonly object[]): Set<string> {
  return new Set(items.map((item) => helper(item).getSerializedPrimaryKey()))
}
