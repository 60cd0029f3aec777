/** @module A filled library with children that go with their parents, and the five migrations that it is killed in. */
import type { Dialect } from 'limber/database'
import { migration, run } from './migrating-app.ts'

export const ROWS = { author: 300, book: 900, note: 450 }

const COUNT = 'with recursive n (i) as (select 1 union all select i + 1 from n where i <'

export const LIBRARY = {
  '20260101000000_library': migration(
    'Library',
    run(
      'create table tally (id integer primary key, migration varchar(50) not null)',
      'create table author (id integer primary key, name varchar(100) not null, born integer not null)',
      'create table book (id integer primary key, title varchar(100) not null, price integer not null, author_id integer not null references author (id) on delete cascade)',
      'create table note (id integer primary key, text varchar(100) not null, book_id integer not null references book (id) on delete cascade)',
      `${COUNT} ${ROWS.author}) insert into author select i, 'author ' || i, 1800 + i from n`,
      `${COUNT} ${ROWS.book}) insert into book select i, 'book ' || i, i, 1 + i % ${ROWS.author} from n`,
      `${COUNT} ${ROWS.note}) insert into note select i, 'note ' || i, 1 + i % ${ROWS.book} from n`,
    ),
  ),
}

const REBUILD = [
  'create table author_new (id integer primary key, name varchar(200) null, born integer not null, country varchar(2))',
  'insert into author_new (id, name, born, country) select id, name, born, country from author',
  'drop table author',
  'alter table author_new rename to author',
]
const ALTER = [
  'alter table author alter column name type varchar(200)',
  'alter table author alter column name drop not null',
]

/** Each leaves a row, so that one that ran twice or by half is seen; none can run twice over its own work unnoticed. */
export function fiveMigrations(dialect: Dialect): Record<string, string> {
  const tally = (id: number) => `insert into tally values ((select count(*) from tally) + 1, 'number ${id}')`
  const steps: [string, readonly string[]][] = [
    ['AddCountry', ['alter table author add column country varchar(2)', "update author set country = 'CH'"]],
    ['RebuildAuthor', dialect === 'sqlite' ? REBUILD : ALTER],
    [
      'MoveNotes',
      [
        'create table review (id integer primary key, text varchar(100) not null, book_id integer not null references book (id) on delete cascade)',
        'insert into review select id, text, book_id from note',
        'drop table note',
      ],
    ],
    [
      'PriceInCents',
      ['update book set price = price * 100', 'create unique index book_title on book (title)'],
    ],
    [
      'RenameBook',
      [
        'alter table book rename to volume',
        'alter table volume add column pages integer not null default 0',
        'update volume set pages = price + 1',
      ],
    ],
  ]
  return Object.fromEntries(
    steps.map(([name, statements], index) => [
      `2026010100000${index + 1}_${name.toLowerCase()}`,
      migration(name, run(...statements, tally(index + 1))),
    ]),
  )
}
