/** @module The statements that create, at once, the schema that a scratch database has grown into. */
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { quoteName } from '../sql/quote-name.ts'
import { splitStatements } from '../sql/tokens.ts'

/** Gives undefined where it cannot be told; what is given still has to be tried. */
export function squashedStatements(scratch: Connection): Promise<string[] | undefined> {
  return STATEMENTS[scratch.driver.dialect](scratch)
}

const STATEMENTS: Readonly<Record<Dialect, (scratch: Connection) => Promise<string[] | undefined>>> = {
  sqlite: async (scratch) => {
    const rows = await scratch.execute(
      "select type, sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\' order by rowid",
    )
    const order = ['table', 'index', 'view', 'trigger']
    return rows
      .toSorted((a, b) => order.indexOf(String(a.type)) - order.indexOf(String(b.type)))
      .map(({ sql }) => String(sql))
  },
  // PostgreSQL has no statement for a table: what the ORM would write for the models has to do, or nothing.
  postgres: async (scratch) =>
    splitStatements(await scratch.schema.getCreateSchemaSQL({ wrap: false }), 'postgres').filter(
      (statement) => !/^set /i.test(statement),
    ),
  mysql: async (scratch) => {
    if (await hasMoreThanTables(scratch)) return undefined
    const split = (await tableDefinitions(scratch)).map(withoutForeignKeys)
    return [...split.map(({ create }) => create), ...split.flatMap(({ add }) => add)]
  },
}

async function hasMoreThanTables(scratch: Connection): Promise<boolean> {
  const found = await scratch.execute(`
    select 1 from information_schema.tables where table_schema = schema() and table_type <> 'BASE TABLE'
    union all select 1 from information_schema.triggers where trigger_schema = schema()
    union all select 1 from information_schema.routines where routine_schema = schema()`)
  return found.length > 0
}

interface TableDefinition {
  readonly table: string
  readonly sql: string
}

/** Without where they count on from. */
async function tableDefinitions(scratch: Connection): Promise<TableDefinition[]> {
  const tables = await scratch.execute(
    "select table_name as name from information_schema.tables where table_schema = schema() and table_type = 'BASE TABLE' order by table_name",
  )
  const definitions: TableDefinition[] = []
  for (const { name } of tables) {
    const table = String(name)
    const [row] = await scratch.execute(`show create table ${quoteName(table, 'mysql')}`)
    definitions.push({ table, sql: String(row?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '') })
  }
  return definitions
}

/** Two tables may refer to each other: foreign keys come when all tables are there. */
function withoutForeignKeys({ table, sql }: TableDefinition): { create: string; add: string[] } {
  const lines = sql.split('\n')
  const isForeignKey = (line: string) => /^\s+CONSTRAINT .* FOREIGN KEY /.test(line)
  const columns = lines.slice(1, -1).map((line) => line.replace(/,$/, ''))
  const kept = columns.filter((line) => !isForeignKey(line))
  return {
    create: [lines[0], kept.join(',\n'), lines.at(-1)].join('\n'),
    add: columns
      .filter(isForeignKey)
      .map((line) => `alter table ${quoteName(table, 'mysql')} add ${line.trim()}`),
  }
}
