/** @module The databases that the shop can be on, each with its own words for the same tables and rows. */
import type { Driver } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { onTestFinished } from 'vitest'
import { bootLibrary } from '../../database/support/library-application.ts'
import {
  administer,
  emptyDatabase,
  isThere,
  MARIADB,
  POSTGRES,
  type Server,
} from '../../database/support/servers.ts'
import { areInstalled } from '../../support/server-process.ts'

export interface Ground {
  readonly title: string
  /** The migration to 1.0.0. */
  readonly first: string
  /** Makes a place for one application: what its configuration says, and how the tables of its shop are reached. */
  place(root: string): Promise<{ readonly database: string; readonly driver: Driver }>
  /** Statements whose answers tell all about a database, apart from its rows. */
  readonly facts: readonly string[]
}

const url = (server: Server, database: string) => {
  const made = new URL(server.url)
  made.pathname = `/${database}`
  return made.href
}

const CHILD = `create index purchase_what on purchase (what)`

const ON_FILES: Ground = {
  title: 'SQLite',
  first: `
    create table customer (id integer primary key autoincrement, name text not null, facts text, photo blob,
      shouted text generated always as (upper(name)) stored, deleted_at text null);
    create table purchase (id integer primary key autoincrement, customer_id integer not null
      references customer (id), what text not null); ${CHILD};
    create view living as select name from customer where deleted_at is null`,
  place: async (root) => ({
    database: 'files',
    driver: sqlite({ file: `${root}/storage/modules/shop.sqlite` }),
  }),
  facts: [
    'select type, name, sql from sqlite_master order by name',
    'select * from sqlite_sequence order by name',
  ],
}

const ON_POSTGRES: Ground = {
  title: POSTGRES.title,
  first: `
    create table customer (id serial primary key, name text not null, facts jsonb, photo bytea,
      shouted text generated always as (upper(name)) stored, deleted_at timestamptz null);
    create table purchase (id serial primary key, customer_id integer not null references customer (id),
      what text not null); ${CHILD};
    create view living as select name from customer where deleted_at is null`,
  async place() {
    const database = await emptyDatabase(POSTGRES)
    return {
      database: url(POSTGRES, database),
      driver: POSTGRES.driver({ database, schema: 'module_shop' }),
    }
  },
  facts: [
    "select table_name, column_name, data_type, is_nullable, column_default, is_generated from information_schema.columns where table_schema = 'module_shop' order by 1, 2",
    "select indexdef from pg_indexes where schemaname = 'module_shop' order by 1",
    "select conname, pg_get_constraintdef(oid) as definition from pg_constraint where connamespace = 'module_shop'::regnamespace order by 1",
    "select sequencename, last_value from pg_sequences where schemaname = 'module_shop' order by 1",
    "select viewname, definition from pg_views where schemaname = 'module_shop'",
  ],
}

const ON_MARIADB: Ground = {
  title: MARIADB.title,
  first: `
    create table customer (id integer auto_increment primary key, name varchar(80) not null, facts json, photo blob,
      shouted varchar(80) generated always as (upper(name)) stored, deleted_at datetime null);
    create table purchase (id integer auto_increment primary key, customer_id integer not null, what varchar(80) not null,
      foreign key (customer_id) references customer (id)); ${CHILD};
    create view living as select name from customer where deleted_at is null;
    create trigger named before insert on customer for each row set new.name = trim(new.name)`,
  async place() {
    const base = await emptyDatabase(MARIADB)
    const database = `${base}_module_shop`
    onTestFinished(() => administer(MARIADB, `drop database if exists ${database}`))
    return { database: url(MARIADB, base), driver: MARIADB.driver({ database }) }
  },
  facts: [
    'select table_name, column_name, column_type, is_nullable, column_default, extra, collation_name from information_schema.columns where table_schema = schema() order by 1, 2',
    'select table_name, index_name, column_name from information_schema.statistics where table_schema = schema() order by 1, 2, 3',
    'select table_name, constraint_name, referenced_table_name from information_schema.key_column_usage where table_schema = schema() order by 1, 2',
    'select table_name, auto_increment, table_type from information_schema.tables where table_schema = schema() order by 1',
    'select trigger_name, action_statement from information_schema.triggers where trigger_schema = schema()',
    'select default_collation_name from information_schema.schemata where schema_name = schema()',
  ],
}

/** A soft-deleted row, rows with children, a key whose row is gone, and what is easily spoiled on the way. */
export const PEOPLE = [
  `insert into customer (id, name, facts, deleted_at) values (1, 'Ada 🦉 "Lovelace"', '{"likes": ["é", 1.5]}', null), (2, 'Bob', null, '2026-01-01 10:00:00'), (40, 'Cleo', null, null)`,
  "insert into purchase (customer_id, what) values (1, 'a book'), (2, 'a pen'), (2, 'a ''quoted'' line')",
  'delete from customer where id = 40',
]

/** Those that are there, with the programs that copy them. */
export async function grounds(): Promise<Ground[]> {
  const onServers = [
    [POSTGRES, ON_POSTGRES, ['pg_dump', 'pg_restore']],
    [MARIADB, ON_MARIADB, ['mariadb-dump', 'mariadb']],
  ] as const
  const all = [ON_FILES]
  for (const [server, ground, programs] of onServers) {
    if ((await isThere(server)) && areInstalled(...programs)) all.push(ground)
  }
  return all
}

/** Runs statements on a connection of its own. */
export async function execute(driver: Driver, statements: readonly string[]): Promise<unknown[]> {
  const { app } = await bootLibrary({ driver, models: [] })
  await app.ready(['db'])
  try {
    const results: unknown[] = []
    for (const statement of statements) results.push(await app.make('db.connection').execute(statement))
    return results
  } finally {
    await app.stop()
  }
}
