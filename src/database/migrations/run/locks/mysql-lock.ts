/** @module The lock of a MySQL or MariaDB database: a named lock, which the server drops with its connection. */
import { createHash } from 'node:crypto'
import type { RunSql } from '../../../connections/connection.ts'
import { LEDGER_TABLE } from '../ledger.ts'
import type { MigrationLock } from './migration-lock.ts'

export async function mysqlLock(run: RunSql): Promise<MigrationLock> {
  const [row] = await run('select database() as name')
  const name = nameOf(`${row?.name} ${LEDGER_TABLE}`)
  return {
    async tryAcquire() {
      const [answer] = await run('select get_lock(?, 0) as is_ours', [name])
      return Number(answer?.is_ours) === 1
    },
    async holder() {
      const [used] = await run('select is_used_lock(?) as id', [name])
      if (used?.id == null) return undefined
      const [holder] = await run('select user, host from information_schema.processlist where id = ?', [
        Number(used.id),
      ])
      // Without the right to see the others, only the number is known.
      return `connection ${used.id} of the server${holder ? `, ${holder.user ?? holder.USER} from ${holder.host ?? holder.HOST}` : ''}`
    },
    async release() {
      await run('select release_lock(?)', [name])
    },
  }
}

/** Of the whole server, and of at most 64 characters. */
function nameOf(text: string): string {
  return `limber:${createHash('sha256').update(text).digest('hex').slice(0, 40)}`
}
