/** @module The lock of a PostgreSQL database: an advisory lock of the session, which the server drops with its connection. */
import { createHash } from 'node:crypto'
import type { RunSql } from '../../../connections/connection.ts'
import { LEDGER_TABLE } from '../ledger.ts'
import type { MigrationLock } from './migration-lock.ts'

/** @param schema where the ledger is: two applications may share a database, each with a schema of its own */
export async function postgresLock(run: RunSql, schema: string | undefined): Promise<MigrationLock> {
  const [row] = schema ? [{ name: schema }] : await run('select current_schema() as name')
  const key = keyOf(`${row?.name} ${LEDGER_TABLE}`)
  return {
    async tryAcquire() {
      const [answer] = await run('select pg_try_advisory_lock(?::bigint) as is_ours', [key])
      return answer?.is_ours === true
    },
    async holder() {
      const [holder] = await run(
        `select a.pid, a.application_name as name, host(a.client_addr) as place
           from pg_locks l join pg_stat_activity a on a.pid = l.pid join pg_database d on d.oid = l.database
          where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and d.datname = current_database()
            and ((l.classid::bigint << 32) | l.objid::bigint) = ?::bigint`,
        [key],
      )
      if (!holder) return undefined
      const name = holder.name ? `"${holder.name}", ` : ''
      return `${name}process ${holder.pid} of the server${holder.place ? `, from ${holder.place}` : ''}`
    },
    async release() {
      await run('select pg_advisory_unlock(?::bigint)', [key])
    },
  }
}

/** The locks of each database are its own; of a key there are 64 bits. */
function keyOf(text: string): string {
  return createHash('sha256').update(text).digest().readBigInt64BE().toString()
}
