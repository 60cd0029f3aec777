import type { Case } from './judged.ts'

/** As the ORM makes a table anew. */
const rebuilt = (columns: string, selected: string): string[] => [
  `create table \`book__temp_alter\` (${columns})`,
  `insert into \`book__temp_alter\` select ${selected} from \`book\``,
  'drop table `book`',
  'alter table `book__temp_alter` rename to `book`',
]
const ALL = 'id, title, isbn, pages, price, "odd, ""name", author_id'
const columns = (changes: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    id: 'id integer not null primary key autoincrement',
    title: 'title varchar(255) not null',
    isbn: 'isbn text',
    pages: 'pages integer null',
    price: 'price numeric(10,2)',
    odd: '`odd, "name` text',
    author_id: 'author_id integer',
    ...changes,
  })
    .map(([, definition]) => definition)
    .filter((definition) => definition !== '')
    .join(', ')

export const SQLITE_CASES: readonly Case[] = [
  ['drop table book', 'destructive book'],
  ['DROP TABLE IF EXISTS [book]', 'destructive book'],
  ['drop table main."book"', 'destructive book'],
  ["drop table 'book'", 'destructive book'],
  ['drop table `BOOK`', 'destructive BOOK'],
  ['drop table -- a comment\n/* another */ "book"', 'destructive book'],
  ['-- drop table book\nselect 1'],
  ['/* drop table book; */ select 1'],
  ["select 'drop table book; delete from book'"],
  ["select 'it''s'; drop table book", 'destructive book'],
  ["select 'it\\'; drop table book; --'", 'destructive book'],
  ['select "drop table book", [drop table book], `drop table book` from author'],
  ['drop index book_title'],
  ['drop view v', 'note'],
  ['drop trigger t', 'note'],
  ['alter table book rename to volume', 'breaking book'],
  ['alter table book rename column isbn to code', 'breaking book.isbn'],
  ['alter table book rename isbn to code', 'breaking book.isbn'],
  ['alter table book drop isbn', 'destructive book.isbn'],
  ['alter table book drop column "odd, ""name"', 'destructive book.odd, "name'],
  ['alter table book drop column [index]', 'destructive book.index'],
  ['alter table book add room text'],
  ['alter table book add column room text not null', 'destructive book.room'],
  ["alter table book add column room text not null default 'attic'"],
  ["alter table book add column room text default 'not null'"],
  ['alter table book add column room text /* not null */'],
  ['alter table book add column room text check (room is not null)'],
  ['create index book_title on book (title)'],
  ['create unique index if not exists main.book_title on book (title)'],
  ['delete from book', 'destructive book'],
  ['delete from main.book indexed by x', 'destructive book'],
  ['delete from book where true', 'destructive book'],
  ['delete from book where (1)', 'destructive book'],
  ['delete from book where id in (select 1)'],
  ['delete from book -- where id = 1', 'destructive book'],
  ['with old as (select 1) delete from book', 'destructive book'],
  ['with old as (select 1) delete from book where id in old'],
  ['update book set isbn = null'],
  ["insert into author (name) values ('delete from book')"],
  ['insert into author (name) select title from book'],
  ['pragma foreign_keys = off'],
  ['vacuum'],
  ['create trigger t after delete on book begin delete from author; delete from book; end'],
  [
    'create trigger t after delete on book begin select case when 1 then 2 end; delete from author; end; drop table book',
    'destructive book',
  ],
  ['create table room (id integer primary key, delete_from text)'],
  [['create table room (id integer)', 'drop table room']],
  [['create table if not exists room (id integer)', 'delete from room', 'alter table room drop id']],
  [['create table volume as select * from book', 'delete from volume']],
  // Tables that are made anew
  [rebuilt(columns(), ALL)],
  [rebuilt(columns(), '*')],
  [rebuilt(columns({ title: 'title varchar(255) null' }), ALL)],
  [rebuilt(columns({ isbn: '' }), ALL.replace(' isbn,', '')), 'destructive book.isbn'],
  [rebuilt(columns({ isbn: 'isbn text not null' }), ALL), 'destructive book.isbn'],
  [rebuilt(columns({ isbn: 'isbn text not null' }), ALL.replace('isbn', "coalesce(isbn, '')"))],
  [
    [
      `update book set isbn = '' where isbn is null`,
      ...rebuilt(columns({ isbn: 'isbn text not null' }), ALL),
    ],
  ],
  [rebuilt(columns({ isbn: 'isbn integer' }), ALL), 'destructive book.isbn'],
  [rebuilt(columns({ pages: 'pages text' }), ALL)],
  [rebuilt(columns({ title: 'title varchar(10) not null' }), ALL), 'note book.title'],
  [rebuilt(columns({ title: 'title varchar(300) not null' }), ALL)],
  [rebuilt(columns({ room: 'room text' }), `${ALL}, null as room`)],
  [rebuilt(columns({ isbn: 'code text' }), ALL), 'breaking book.isbn'],
  [
    [...rebuilt(columns(), ALL), 'create index book_title on book (title)', 'drop table book'],
    'destructive book',
  ],
  [rebuilt(columns(), `${ALL} from book where id > 1 union select ${ALL}`), 'destructive book'],
  [
    [
      `create table book__temp_alter (${columns()})`,
      'drop table book',
      'alter table book__temp_alter rename to book',
    ],
    'destructive book',
  ],
  [
    [
      `create table book__temp_alter (${columns({ isbn: '' })}, room text not null)`,
      `insert into book__temp_alter (id, title, pages, price, \`odd, "name\`, author_id) select ${ALL.replace(' isbn,', '')} from book`,
      'drop table book',
      'alter table book__temp_alter rename to book',
    ],
    'destructive book.isbn',
    'destructive book.room',
  ],
  [
    [
      'alter table book rename to book_old',
      `create table book (${columns({ pages: '' })})`,
      `insert into book select ${ALL.replace(' pages,', '')} from book_old order by id`,
      'drop table book_old',
    ],
    'destructive book.pages',
  ],
  [
    [
      `create table book__temp_alter (${columns()})`,
      `insert or ignore into book__temp_alter select ${ALL} from book`,
      'drop table book',
      'alter table book__temp_alter rename to book',
    ],
    'destructive book',
  ],
]
