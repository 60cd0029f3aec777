/** @module What a schema of PostgreSQL cannot be put back with: a copy of the schema alone does not have it. */
import type { Connection } from '../connections/connection.ts'

/** Extensions are of the whole database; views and foreign keys of other schemas go with the tables that they read. */
const NEIGHBOURS = `with own as (select oid from pg_namespace where nspname = ?)
  select format('the extension "%s" is in it', extname) as what from pg_extension, own where extnamespace = own.oid
  union
  select 'the ' || pg_describe_object('pg_class'::regclass, user_of.oid, 0) || ' depends on it'
  from own join pg_class used on used.relnamespace = own.oid
    join pg_depend on refclassid = 'pg_class'::regclass and refobjid = used.oid
    left join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
    left join pg_constraint on classid = 'pg_constraint'::regclass and objid = pg_constraint.oid
    join pg_class user_of on user_of.oid = coalesce(ev_class, nullif(conrelid, 0))
  where user_of.relnamespace <> own.oid
  order by 1`

/** @throws when there is any */
export async function refuseNeighbours(connection: Connection, schema: string): Promise<void> {
  const found = await connection.execute(NEIGHBOURS, [schema])
  if (found.length === 0) return
  const list = found.map(({ what }) => what).join(', ')
  throw new Error(
    `${list}, and would be lost when the schema "${schema}" is put back. Move it out of its way.`,
  )
}
