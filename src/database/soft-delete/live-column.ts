/**
 * @module The column by which MySQL and MariaDB, which have no partial indexes, tell live rows from the trash: 1 in live
 * rows and null in others. Unique indexes end with it, and nulls are never equal. It is generated and invisible: no query
 * that does not name it gets to see it.
 */
import type { Platform } from '@mikro-orm/core'
import type { DatabaseTable } from '@mikro-orm/sql'

/** Adds the column to a table that is made from a model, and gives its name. */
export function addLiveColumn(table: DatabaseTable, stamp: string, platform: Platform): string {
  const name = `${stamp.slice(0, platform.getMaxIdentifierLength() - SUFFIX.length)}${SUFFIX}`
  table.addColumn({
    name,
    type: TYPE,
    mappedType: platform.getMappedType(TYPE),
    generated: `(case when ${platform.quoteIdentifier(stamp)} is null then 1 end) virtual`,
    extra: 'invisible',
    nullable: false,
  })
  return name
}

const SUFFIX = '_live'
const TYPE = 'tinyint(1)'
