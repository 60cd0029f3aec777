/** @module What the tables of a bot are made of, and the statements that make them. */
import type { Dialect } from '../connections/driver.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import type { BotTable } from './table-names.ts'

interface Index {
  readonly name: string
  readonly columns: string
}

interface Table {
  readonly name: BotTable
  readonly columns: readonly string[]
  readonly key: string
  readonly indexes: readonly Index[]
}

/** The tables that are made together. */
export interface TableSet {
  /** Tables, and where they are made by statements of their own, indexes. */
  readonly names: readonly string[]
  /** Each makes only what is missing. */
  readonly create: readonly string[]
}

interface Types {
  /** Long texts of any letters. */
  readonly text: string
  /** Names that are compared letter by letter. */
  readonly name: (length: number) => string
}

// A collation of MariaDB that compares letters would take "a" and "a " for the same.
const TYPES: Readonly<Record<Dialect, Types>> = {
  sqlite: { text: 'text', name: () => 'text' },
  postgres: { text: 'text', name: () => 'text collate "C"' },
  mysql: { text: 'longtext', name: (length) => `varbinary(${length})` },
}

/** @param schema where the dialect has schemas in a database, and it is not the usual one */
export function updateTables(dialect: Dialect, schema?: string): TableSet {
  return tableSet(dialect, schema, [updatesTable(dialect), statesTable(dialect)])
}

export function ruleTables(dialect: Dialect, schema?: string): TableSet {
  return tableSet(dialect, schema, [rulesTable(dialect), membersTable(dialect)])
}

/** The name of a table as it stands in statements. */
export function tableIn(dialect: Dialect, schema: string | undefined, name: BotTable): string {
  const quoted = quoteName(name, dialect)
  return schema === undefined ? quoted : `${quoteName(schema, dialect)}.${quoted}`
}

function updatesTable(dialect: Dialect): Table {
  const { text, name } = TYPES[dialect]
  return {
    name: 'limber_bot_updates',
    columns: [
      'bot bigint not null',
      'update_id bigint not null',
      'handled_at bigint not null',
      `calls ${text} null`,
      'total integer not null',
      'made integer not null',
      // Null where nothing waits.
      'held_until bigint null',
      `held_by ${name(36)} null`,
    ],
    key: 'bot, update_id',
    indexes: [
      { name: 'limber_bot_updates_handled_at', columns: 'bot, handled_at' },
      { name: 'limber_bot_updates_held_until', columns: 'bot, held_until' },
    ],
  }
}

function statesTable(dialect: Dialect): Table {
  const { text, name } = TYPES[dialect]
  return {
    name: 'limber_bot_states',
    columns: [
      'bot bigint not null',
      `module ${name(255)} not null`,
      'chat bigint not null',
      `${quoteName('user', dialect)} bigint not null`,
      `name ${text} not null`,
      `data ${text} not null`,
      'expires_at bigint null',
    ],
    key: `bot, module, chat, ${quoteName('user', dialect)}`,
    indexes: [{ name: 'limber_bot_states_expires_at', columns: 'bot, expires_at' }],
  }
}

function rulesTable(dialect: Dialect): Table {
  const { text, name } = TYPES[dialect]
  return {
    name: 'limber_bot_rules',
    columns: ['bot bigint not null', `command ${name(255)} not null`, `roles ${text} not null`],
    key: 'bot, command',
    indexes: [],
  }
}

function membersTable(dialect: Dialect): Table {
  const user = quoteName('user', dialect)
  return {
    name: 'limber_bot_members',
    columns: ['bot bigint not null', `role ${TYPES[dialect].name(512)} not null`, `${user} bigint not null`],
    key: `bot, role, ${user}`,
    indexes: [],
  }
}

function tableSet(dialect: Dialect, schema: string | undefined, tables: readonly Table[]): TableSet {
  const names = tables.map(({ name }) => name)
  if (dialect === 'mysql') return { names, create: tables.map(inMysql) }
  return {
    names: [...names, ...tables.flatMap(({ indexes }) => indexes.map(({ name }) => name))],
    create: tables.flatMap(({ name, columns, key, indexes }) => {
      const table = tableIn(dialect, schema, name)
      return [
        `create table if not exists ${table} (${columns.join(', ')}, primary key (${key}))`,
        ...indexes.map((index) => `create index if not exists ${index.name} on ${table} (${index.columns})`),
      ]
    }),
  }
}

/** There indexes are made with their table, which may be in a database whose texts have not all letters. */
function inMysql({ name, columns, key, indexes }: Table): string {
  const keys = indexes.map((index) => `key ${index.name} (${index.columns})`)
  const parts = [...columns, `primary key (${key})`, ...keys].join(', ')
  return `create table if not exists ${name} (${parts}) engine = innodb default charset = utf8mb4 collate = utf8mb4_bin`
}
