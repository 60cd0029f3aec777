/** @module Upserts of soft-deleted models: they meet live rows, and neither revive nor edit what is in the trash. */
import type { EntityMetadata, EntityName, FilterQuery, UpsertManyOptions } from '@mikro-orm/core'
import { helper, LockMode, QueryHelper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'
import { asOwnRead } from '../insight/own-reads.ts'
import { DELETED_AT } from './deleted-at.ts'
import { TrashedKeyError } from './errors.ts'
import { type Conflict, groupRows, type UpsertGroup, valueAt } from './upsert-groups.ts'

/** SQLite reads no more than a thousand conditions in one. */
const CHUNK = 300

/** The `upsertMany` of the ORM. */
type Upsert<E extends object, F extends string> = (
  rows: object[],
  options: UpsertManyOptions<E, F>,
) => Promise<E[]>

/**
 * Writes rows, each to the live row that it meets, or as a new one.
 *
 * @returns the entities in the order of the rows
 * @throws {TrashedKeyError} when a row has the primary key of one in the trash
 */
export async function upsertLive<E extends object, F extends string>(
  em: SqlEntityManager,
  meta: EntityMetadata,
  rows: readonly object[],
  options: UpsertManyOptions<E, F>,
  upsert: Upsert<E, F>,
): Promise<E[]> {
  const groups = groupRows(em, meta, rows, options.onConflictFields)
  for (const { conflict, places } of groups) {
    const met = places.flatMap((place) => rows[place] ?? [])
    if (conflict && !conflict.isLive) await refuseTrashed(em, meta, conflict, met, options)
    // MySQL meets the primary key as well, whatever the conflict names.
    const { primaryKeys: properties } = meta
    const keyed = met.filter((row) => properties.every((name) => valueAt(row, name) != null))
    if (conflict?.isLive) await refuseTrashed(em, meta, { properties, isLive: false }, keyed, options)
  }
  // Rows that the ORM would mix up are written one by one: those it has loaded, and those it may leave alone.
  const isAlone = (row: object, conflict: Conflict | undefined) =>
    options.onConflictAction === 'ignore' ||
    options.onConflictMergeFields?.length === 0 ||
    isLoaded(em, meta, row, options.schema) ||
    (!conflict?.isLive && Object.keys(row).every((name) => conflict?.properties.includes(name)))
  const found: E[] = []
  const kind = kindOf(meta)
  for (const { conflict, places } of groups.flatMap((group) => statements(group, rows, isAlone))) {
    const written = await upsert(
      places.map((place) => rowOf(rows[place] ?? {}, kind, conflict)),
      {
        ...options,
        ...(conflict?.isLive ? { onConflictFields: liveFields<E>(conflict) } : {}),
        ...withoutKind(kind, options),
      },
    )
    for (const [index, place] of places.entries()) {
      const entity = written[index]
      if (entity) found[place] = entity
    }
  }
  return found
}

/** Several rows may be several statements: where no transaction is open, they get one of their own. */
export function inOneTransaction<T, O extends Pick<UpsertManyOptions<object>, 'ctx'>>(
  em: SqlEntityManager,
  rows: number,
  options: O,
  run: (options: O) => Promise<T>,
): Promise<T> {
  if (rows < 2 || options.ctx || em.isInTransaction()) return run(options)
  const connection = em.getConnection('write')
  return translateErrors(
    em,
    connection.transactional((ctx) => run({ ...options, ctx })),
  )
}

/** The model of what is upserted: an entity, or the class or schema that data is for. */
export function upsertedModel(em: SqlEntityManager, target: unknown): EntityMetadata | undefined {
  // The rest is what the ORM takes for a model.
  return typeof target === 'object' && target !== null && Utils.isEntity(target)
    ? helper<object>(target).__meta
    : em.getMetadata().find(target as EntityName)
}

/** Whether the options are our own already: the ORM cuts many rows into several calls. */
export function isMeetingLive(options: { readonly onConflictFields?: unknown } = {}): boolean {
  return Array.isArray(options.onConflictFields) && options.onConflictFields.includes(DELETED_AT)
}

function statements(
  { conflict, places }: UpsertGroup,
  rows: readonly object[],
  isAlone: (row: object, conflict: Conflict | undefined) => boolean,
): UpsertGroup[] {
  const [alone, together] = [true, false].map((wanted) =>
    places.filter((place) => isAlone(rows[place] ?? {}, conflict) === wanted),
  )
  return [
    ...(alone ?? []).map((place) => ({ conflict, places: [place] })),
    ...(together && together.length > 0 ? [{ conflict, places: together }] : []),
  ]
}

function isLoaded(
  em: SqlEntityManager,
  meta: EntityMetadata,
  row: object,
  schema: string | undefined,
): boolean {
  if (isEntity(row)) return helper(row).__managed === true
  const key = Utils.extractPK(row, meta)
  return (
    key !== null &&
    key !== undefined &&
    em.getUnitOfWork(false).getById(meta.class, key, schema) !== undefined
  )
}

/** Which of several kinds in one table the rows are: the ORM does not say it in an upsert of data. */
function kindOf({ root, discriminatorValue }: EntityMetadata): Readonly<Record<string, unknown>> {
  const column = root.discriminatorColumn
  return column && discriminatorValue !== undefined ? { [column]: discriminatorValue } : {}
}

/** A row that is there keeps its kind. */
function withoutKind<E extends object, F extends string>(
  kind: object,
  { onConflictExcludeFields = [], onConflictMergeFields }: UpsertManyOptions<E, F>,
): Partial<UpsertManyOptions<E, F>> {
  const names = Object.keys(kind)
  if (names.length === 0 || onConflictMergeFields) return {}
  // The name is that of the metadata, which the type of the entity cannot tell.
  return { onConflictExcludeFields: [...onConflictExcludeFields, ...(names as never[])] }
}

/** Its stamp is null and not merely missing: the ORM reads the row back by the fields of the conflict. */
function rowOf(row: object, kind: object, conflict: Conflict | undefined): object {
  if (!isEntity(row)) return { ...kind, ...row, ...(conflict?.isLive ? { [DELETED_AT]: null } : {}) }
  if (conflict?.isLive && !helper(row).__managed) Reflect.set(row, DELETED_AT, null)
  return row
}

/** The fields of the conflict, with the mark of those that hold among live rows. */
function liveFields<E>({ properties }: Conflict): (keyof E)[] {
  // The names are those of the metadata, which the type of the entity cannot tell.
  return [...properties, DELETED_AT] as (keyof E)[]
}

/** Locks what it finds, so that nothing goes to the trash before it is written. */
async function refuseTrashed(
  em: SqlEntityManager,
  meta: EntityMetadata,
  { properties }: Conflict,
  rows: readonly object[],
  { schema, ctx = em.getTransactionContext() }: Pick<UpsertManyOptions<object>, 'schema' | 'ctx'>,
): Promise<void> {
  const keyOf = (row: object) =>
    Object.fromEntries(properties.map((name) => [name, plain(valueAt(row, name))]))
  const read = (some: readonly object[]) =>
    em.getDriver().find(meta.root.class, conditionOf(em, meta, some.map(keyOf)), {
      ...(ctx ? { ctx, lockMode: LockMode.PESSIMISTIC_WRITE } : {}),
      ...(schema ? { schema } : {}),
      connectionType: 'write',
    })
  for (let i = 0; i < rows.length; i += CHUNK) {
    const found = await asOwnRead(() => read(rows.slice(i, i + CHUNK)))
    const trashed = found.find((row) => Reflect.get(row, DELETED_AT) != null)
    if (trashed) throw new TrashedKeyError(meta.className, keyOf(trashed))
  }
}

function conditionOf(em: SqlEntityManager, meta: EntityMetadata, keys: object[]): FilterQuery<object> {
  return QueryHelper.processWhere({
    // The names are those of the metadata, which the type of the entity cannot tell.
    where: { $or: keys } as FilterQuery<object>,
    entityName: meta.class,
    metadata: em.getMetadata(),
    platform: em.getPlatform(),
  })
}

/** The value by which a row is found: of a relation, its key. */
function plain(value: unknown): unknown {
  return Utils.isEntity(value, true) ? helper(value).getPrimaryKey() : value
}

/** The check of the ORM, which takes the type of everything else away from what it is asked about. */
function isEntity(row: object): boolean {
  return Utils.isEntity(row)
}
