/** @module The conditions that rows follow others, or lead them, whichever table has the foreign key between them. */
import { raw } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { type Follower, followerColumns, leaderColumns } from './followers.ts'
import { columnTuple, type KeyRow, keyColumns, keysOf, listOf } from './key-rows.ts'

/** The condition that a row follows one of these. Make it anew for each statement, which uses it up. */
export function follows(em: SqlEntityManager, follower: Follower, leaders: readonly KeyRow[]): object {
  const { sql, params } = listOf(keysOf(leaders, leaderColumns(follower)))
  return followsAmong(em, follower, sql, params)
}

/** The same of all that SQL gives, in the order of the columns of leaders. */
export function followsAmong(
  em: SqlEntityManager,
  follower: Follower,
  sql: string,
  params: readonly unknown[],
): object {
  const { near, far } = hop(follower)
  return { [raw(linked(em, follower, followerColumns(follower), near, far, sql), [...params])]: [] }
}

/** The condition that one of these follows a row. */
export function leads(em: SqlEntityManager, follower: Follower, rows: readonly KeyRow[]): object {
  const { sql, params } = listOf(keysOf(rows, followerColumns(follower)))
  const { near, far } = hop(follower)
  return { [raw(linked(em, follower, leaderColumns(follower), far, near, sql), params)]: [] }
}

/** The columns of the holder of a foreign key that lead to the rows that follow, and to those that are followed. */
function hop({ property, holder, isHeldByLeader }: Follower) {
  const [key, foreign] = [keyColumns(holder), property.joinColumns]
  return isHeldByLeader ? { near: foreign, far: key } : { near: key, far: foreign }
}

function linked(
  em: SqlEntityManager,
  { holder }: Follower,
  own: readonly string[],
  near: readonly string[],
  far: readonly string[],
  among: string,
): string {
  const row = columnTuple(em, own)
  if (holder.root === holder) return `${row} in (${among})`
  const quote = (name: string) => em.getPlatform().quoteIdentifier(name)
  const { schema, tableName } = holder
  const table = quote(schema && schema !== '*' ? `${schema}.${tableName}` : tableName)
  return `${row} in (select ${near.map(quote).join(', ')} from ${table} where ${columnTuple(em, far)} in (${among}))`
}
