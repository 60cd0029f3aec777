/** @module What the guards say about statements that run on a library whose tables are in use. */
import { assessMigrations, type Dialect, type Hazard } from 'limber/database'

export const LIBRARY: Readonly<Record<Dialect, readonly string[]>> = {
  sqlite: [
    'create table author (id integer primary key, name text not null)',
    'create table book (id integer not null primary key autoincrement, title varchar(255) not null, isbn text, pages integer, price numeric(10,2), "odd, ""name" text, author_id integer references author)',
  ],
  postgres: [
    'create table author (id serial primary key, name varchar(100) not null)',
    'create table book (id serial primary key, title varchar(255) not null, isbn text, pages integer, price numeric(10,2), "odd, ""name" text, author_id int references author, added timestamptz, "Mixed" text)',
    'create table public.shelf (id bigint primary key, room uuid)',
  ],
  mysql: [
    'create table author (id int unsigned not null auto_increment primary key, name varchar(100) not null)',
    "create table book (id int unsigned not null auto_increment primary key, title varchar(50) not null, isbn text, pages int, price decimal(10,2), `odd, ``name` text, author_id int unsigned, added datetime, state enum('in','out') not null)",
  ],
}

/** The hazards of a migration that runs when the library is there, and filled. */
export async function hazardsIn(
  dialect: Dialect,
  ...statements: readonly string[]
): Promise<readonly Hazard[]> {
  const migrations = [
    { name: 'library', statements: LIBRARY[dialect] },
    { name: 'change', statements },
  ]
  const [, change] = await assessMigrations(migrations, { dialect, isOneRun: false })
  return change?.hazards ?? []
}

/** Each in two words: what kind it is, and of what. */
export async function judged(dialect: Dialect, ...statements: readonly string[]): Promise<string[]> {
  const hazards = await hazardsIn(dialect, ...statements)
  return hazards.map(({ kind, table, column }) =>
    [kind, [table, column].filter(Boolean).join('.')].join(' ').trim(),
  )
}

export type Case = readonly [statements: string | readonly string[], ...expected: string[]]

export const asList = (statements: string | readonly string[]) =>
  typeof statements === 'string' ? [statements] : statements
