import type { Dialect } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { openMigrations } from './support/previewed.ts'

const BOOK: Readonly<Record<Dialect, string>> = {
  sqlite:
    'create table book (id integer primary key, title varchar(255) not null, isbn text, pages bigint, price numeric(10,2) default 1)',
  postgres:
    'create table book (id serial primary key, title varchar(255) not null, isbn text, pages bigint, price numeric(10,2) default 1)',
  mysql:
    'create table book (id int auto_increment primary key, title varchar(255) not null, isbn text, pages bigint, price decimal(10,2) default 1)',
}

const NARROWED: Readonly<Record<Dialect, readonly string[]>> = {
  sqlite: [
    'create table book__temp_alter (id integer primary key, title varchar(255) not null, isbn integer not null, pages bigint not null)',
    'insert into book__temp_alter select id, title, isbn, pages from book',
    'drop table book',
    'alter table book__temp_alter rename to book',
  ],
  postgres: [
    'alter table book alter isbn type int using isbn::int, alter isbn set not null',
    'alter table book alter pages set not null, drop price',
  ],
  mysql: ['alter table book modify isbn int not null, modify pages bigint not null, drop price'],
}

const LOSSES = ['destructive book.isbn', 'destructive book.isbn', 'destructive book.price']

describe.each(await everyDatabase())('$title', (database) => {
  const open = async (rows: number, ...change: string[]) => {
    const driver = await database.create()
    const made = await openMigrations(driver, [{ up: [BOOK[driver.dialect]] }])
    expect((await made.test.run('db', 'migrate')).exitCode).toBe(0)
    for (let row = 0; row < rows; row++)
      await made.connection.execute("insert into book (title, pages) values ('Frankenstein', 280)")
    made.add({ up: change.length > 0 ? change : NARROWED[driver.dialect] })
    const destructive = async () =>
      (await made.hazards()).filter((hazard) => /^destructive/.test(hazard)).sort()
    return { ...made, destructive, dialect: driver.dialect }
  }

  it('a type is narrowed, and a column made not null, where there are rows; one without nulls is not named', async () => {
    const { destructive } = await open(2)
    expect(await destructive()).toEqual(LOSSES)
  })

  it('an empty table loses its columns, and nothing is narrowed or locked', async () => {
    const { destructive, hazards, preview } = await open(0)
    expect(await destructive()).toEqual(['destructive book.price'])
    expect(await hazards()).toEqual(['destructive book.price'])
    const [change] = (await preview()).migrations
    expect(change?.hazards[0]?.what).toBe('"price" of "book" is dropped; the table has no rows now.')
  })

  it('a type that holds every value is no loss', async () => {
    const wider = {
      sqlite: ['select 1 where 1 = 0'],
      postgres: ['alter table book alter title type varchar(300), alter price type numeric(12,2)'],
      mysql: ['alter table book modify title varchar(300) not null, modify price decimal(12,2) default 1'],
    }
    const { dialect } = await database.create()
    const { destructive } = await open(1, ...wider[dialect])
    expect(await destructive()).toEqual([])
  })

  it('what the types were before is said', async () => {
    const { preview, dialect } = await open(1)
    const [change] = (await preview()).migrations
    const [sentence] = change?.hazards.map(({ what }) => what).filter((what) => what.includes('"isbn"')) ?? []
    expect(sentence).toContain(dialect === 'sqlite' ? 'becomes integer from text' : 'becomes int from text')
  })

  it('a table that is not there costs nothing, and neither does one that the run makes', async () => {
    const { hazards, add } = await open(1, 'drop table if exists unknown')
    add({ up: ['create table room (id int)', 'create index room_id on room (id)', 'delete from room'] })
    add({ up: ['alter table room drop id', 'drop table room'] })
    expect(await hazards()).toEqual([])
  })

  it('a new column that is not null is named when rows have no value for it', async () => {
    const added = 'alter table book add room varchar(10) not null'
    expect(await (await open(1, added)).destructive()).toEqual(['destructive book.room'])
    expect(await (await open(0, added)).destructive()).toEqual([])
  })

  it('looking at it changes nothing', async () => {
    const { hazards, connection } = await open(2)
    const rows = () => connection.execute('select * from book order by id')
    const before = await rows()
    await hazards()
    expect(await rows()).toEqual(before)
    expect(before).toHaveLength(2)
  })
})

const databases = await everyDatabase()
const postgres = databases.find(({ title }) => title === 'PostgreSQL')

describe.runIf(postgres)('PostgreSQL', () => {
  it('set not null checks no row when a valid check says that it is not null', async () => {
    const driver = await postgres?.create()
    if (!driver) throw new Error('PostgreSQL has gone.')
    const { hazards, add, test, connection } = await openMigrations(driver, [
      { up: [BOOK.postgres, 'create table "Odd ""Name" (id int, "a b" int)'] },
    ])
    await test.run('db', 'migrate')
    await connection.execute("insert into book (title, isbn) values ('Frankenstein', '1')")
    await connection.execute('insert into "Odd ""Name" (id, "a b") values (1, null)')
    add({
      up: ['alter table book alter isbn set not null', 'alter table "Odd ""Name" alter "a b" set not null'],
    })
    expect(await hazards()).toEqual([
      'locking book.isbn',
      'destructive Odd "Name.a b',
      'locking Odd "Name.a b',
    ])
    await connection.execute('alter table book add constraint c check (isbn is not null) not valid')
    expect(await hazards()).toContain('locking book.isbn')
    await connection.execute('alter table book validate constraint c')
    expect(await hazards()).not.toContain('locking book.isbn')
  })
})
