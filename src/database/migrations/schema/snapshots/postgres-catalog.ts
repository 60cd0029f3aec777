/** @module What PostgreSQL knows of the schemas of a database: each query gives type, schema, owner, name and meaning. */

const OWN = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
const TABLES = "c.relkind in ('r', 'p') and c.relname not like 'limber\\_migration%'"

/** What an extension brings is not of the application. */
const notOfExtension = (catalog: string, oid: string) =>
  `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`

const ofTable = (type: string, name: string, meaning: string, from: string, where: string) => `
  select '${type}' as type, n.nspname as schema, c.relname as owner, ${name} as name, ${meaning} as meaning, false as required
  from pg_class c join pg_namespace n on n.oid = c.relnamespace ${from}
  where ${OWN} and ${TABLES} and ${notOfExtension('pg_class', 'c.oid')} ${where}`

const ofItself = (type: string, name: string, meaning: string, from: string, where: string) => `
  select '${type}', n.nspname, ${name}, ${name}, ${meaning}, false from ${from} where ${OWN} and ${where}`

const COLUMN = `
  select 'column', n.nspname, c.relname, a.attname, concat_ws(' ',
    format_type(a.atttypid, a.atttypmod),
    'collate ' || (select collname from pg_collation o where o.oid = a.attcollation and o.oid <> t.typcollation),
    case when a.attnotnull then 'not null' end,
    'default ' || pg_get_expr(d.adbin, d.adrelid),
    'identity ' || nullif(a.attidentity::text, ''),
    'generated ' || nullif(a.attgenerated::text, ''),
    'comment ' || col_description(c.oid, a.attnum)),
    a.attnotnull and d.adbin is null and a.attidentity = ''
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where ${OWN} and ${TABLES} and ${notOfExtension('pg_class', 'c.oid')}`

/** Those behind primary keys and unique constraints are described by these. */
const LOOSE_INDEX =
  "and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))"

export const POSTGRES_CATALOG = [
  ofTable(
    'table',
    'c.relname',
    `concat_ws(' ', c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, pg_get_partkeydef(c.oid),
      pg_get_expr(c.relpartbound, c.oid), obj_description(c.oid, 'pg_class'),
      (select string_agg(concat_ws(' ', 'grant', g.privilege_type, g.grantee::regrole), ', ' order by g.grantee, g.privilege_type)
        from aclexplode(c.relacl) g where g.grantee <> c.relowner))`,
    '',
    '',
  ),
  COLUMN,
  ofTable(
    'constraint',
    'k.conname',
    'pg_get_constraintdef(k.oid)',
    'join pg_constraint k on k.conrelid = c.oid',
    "and k.contype in ('p', 'u', 'f', 'c', 'x')",
  ),
  ofTable(
    'index',
    'x.relname',
    'pg_get_indexdef(i.indexrelid)',
    'join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid',
    LOOSE_INDEX,
  ),
  ofTable(
    'trigger',
    't.tgname',
    'pg_get_triggerdef(t.oid)',
    'join pg_trigger t on t.tgrelid = c.oid',
    'and not t.tgisinternal',
  ),
  ofTable(
    'policy',
    'p.polname',
    `concat_ws(' ', p.polcmd, p.polpermissive, (select string_agg(r::regrole::text, ',') from unnest(p.polroles) r),
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))`,
    'join pg_policy p on p.polrelid = c.oid',
    '',
  ),
  ofItself(
    'view',
    'c.relname',
    "concat_ws(' ', c.relkind, pg_get_viewdef(c.oid))",
    'pg_class c join pg_namespace n on n.oid = c.relnamespace',
    `c.relkind in ('v', 'm') and ${notOfExtension('pg_class', 'c.oid')}`,
  ),
  ofItself(
    'sequence',
    'c.relname',
    `concat_ws(' ', format_type(s.seqtypid, null), s.seqincrement, (
      select d.refobjid::regclass || '.' || a.attname from pg_depend d
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') limit 1))`,
    'pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace',
    notOfExtension('pg_class', 'c.oid'),
  ),
  ofItself(
    'type',
    't.typname',
    `coalesce(
      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
      concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
        (select string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname) from pg_constraint k where k.contypid = t.oid)))`,
    'pg_type t join pg_namespace n on n.oid = t.typnamespace',
    `t.typtype in ('e', 'd') and ${notOfExtension('pg_type', 't.oid')}`,
  ),
  ofItself(
    'function',
    'p.oid::regprocedure::text',
    'pg_get_functiondef(p.oid)',
    'pg_proc p join pg_namespace n on n.oid = p.pronamespace',
    `p.prokind in ('f', 'p') and ${notOfExtension('pg_proc', 'p.oid')}`,
  ),
  ofItself('schema', 'n.nspname', "''", 'pg_namespace n', "n.nspname <> 'public'"),
  "select 'extension', 'public', extname, extname, '', false from pg_extension where extname <> 'plpgsql'",
].join('\nunion all\n')
