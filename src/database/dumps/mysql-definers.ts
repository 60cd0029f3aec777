/** @module What a user of MariaDB or MySQL could copy and not make again: views and the like that somebody else has defined. */
import type { Connection } from '../connections/connection.ts'

const STRANGERS = `select concat(kind, ' "', name, '" (', definer, ')') as what from (
    select 'view' as kind, table_name as name, definer from information_schema.views where table_schema = schema()
    union select 'trigger', trigger_name, definer from information_schema.triggers where trigger_schema = schema()
    union select 'routine', routine_name, definer from information_schema.routines where routine_schema = schema()
    union select 'event', event_name, definer from information_schema.events where event_schema = schema()
  ) as defined
  where definer <> current_user() and not exists (
    select 1 from information_schema.user_privileges
    where replace(grantee, '''', '') = current_user()
      and replace(privilege_type, '_', ' ') in ('SUPER', 'SET USER', 'SET USER ID', 'SET ANY DEFINER')
  )`

/** @throws when there is any */
export async function refuseStrangers(connection: Connection): Promise<void> {
  const found = await connection.execute(STRANGERS)
  if (found.length === 0) return
  const list = found.map(({ what }) => what).join(', ')
  throw new Error(
    `its user may not put back what others have defined: ${list}. Have them defined by that user.`,
  )
}
