/** @module The column of `deletedAt`: added where a class does not declare it, and fine enough to tell operations apart. */
import type { EntityMetadata, EntityProperty, Platform } from '@mikro-orm/core'
import { MetadataStorage, ReferenceKind } from '@mikro-orm/core'
import type { Dialect } from '../connections/driver.ts'
import { DELETED_AT } from './deleted-at.ts'
import { SoftDeleteStampError } from './errors.ts'

const MILLISECONDS = 3
const COLUMN = 'type: types.datetime, length: 3, nullable: true'

/** Gives the metadata of a soft-deleted model its stamp; called before the ORM completes it. */
export function prepareStamp(meta: EntityMetadata, platform: Platform): void {
  const declared = meta.properties[DELETED_AT]
  const inherited = declared ? undefined : inheritedStamp(meta)
  if (declared) refine(declared, platform)
  else if (!inherited) addStamp(meta)
  else if (inherited !== 'soft') {
    meta.addProperty({ ...inherited })
    refine(meta.properties[DELETED_AT], platform)
  }
}

/** @throws {SoftDeleteStampError} when what the class declares cannot hold the time of an operation */
export function checkStamp(meta: EntityMetadata, dialect: Dialect): void {
  const stamp = meta.properties[DELETED_AT]
  const reason = stamp ? faultOf(stamp, dialect) : 'it has no column'
  if (reason) throw new SoftDeleteStampError(meta.className, DELETED_AT, reason, COLUMN)
}

function addStamp(meta: EntityMetadata): void {
  meta.addProperty({
    name: DELETED_AT,
    kind: ReferenceKind.SCALAR,
    type: 'Date',
    runtimeType: 'Date',
    nullable: true,
    length: MILLISECONDS,
  })
}

/** Where nothing says how fine the column is, the default of the database may be whole seconds. */
function refine(stamp: EntityProperty | undefined, platform: Platform): void {
  if (!stamp) return
  const isOpen = stamp.length === undefined && !stamp.columnTypes && !('columnType' in stamp)
  if (isOpen && platform.getDefaultDateTimeLength() < MILLISECONDS) stamp.length = MILLISECONDS
  // Without its stamp in memory, a row in the trash would look alive.
  Reflect.deleteProperty(stamp, 'lazy')
}

/** The stamp that a base class declares; "soft" when the base class is given one itself. */
function inheritedStamp(meta: EntityMetadata): EntityProperty | 'soft' | undefined {
  for (
    let type: unknown = Object.getPrototypeOf(meta.class);
    typeof type === 'function';
    type = Object.getPrototypeOf(type)
  ) {
    if (!Object.hasOwn(type, MetadataStorage.META_SYMBOL)) continue
    if (Reflect.get(type, 'softDelete') === true) return 'soft'
    // What the decorators of this class have noted.
    const noted = Reflect.get(type, MetadataStorage.META_SYMBOL) as EntityMetadata
    const stamp = noted.properties[DELETED_AT]
    if (stamp) return stamp
  }
  return undefined
}

function faultOf(stamp: EntityProperty, dialect: Dialect): string | undefined {
  if (stamp.kind !== ReferenceKind.SCALAR || stamp.persist === false || stamp.formula)
    return 'it is no column'
  if (stamp.runtimeType !== 'Date') return `its type is ${stamp.runtimeType}, and not Date`
  if (!stamp.nullable) return 'it is not nullable'
  const [type = ''] = stamp.columnTypes ?? []
  if (fineness(type, dialect) >= MILLISECONDS) return undefined
  return `its column is ${type}, which has no milliseconds`
}

/** The digits after the second that a type of column keeps. */
function fineness(type: string, dialect: Dialect): number {
  const [, name = '', digits] = /^\s*(\w+)[^(]*(?:\((\d+)\))?/.exec(type.toLowerCase()) ?? []
  if (/^(date|time|timetz)$/.test(name)) return 0
  // SQLite keeps the number that it is given.
  if (dialect === 'sqlite') return MILLISECONDS
  if (!/^(datetime|timestamp(tz)?)$/.test(name)) return 0
  return digits === undefined ? DEFAULT_FINENESS[dialect] : Number(digits)
}

const DEFAULT_FINENESS = { postgres: 6, mysql: 0 } as const
