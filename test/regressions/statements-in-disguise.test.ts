import { raw } from '@mikro-orm/core'
import { sql } from 'kysely'
import type { Dialect } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { addShelf, everyDatabase, openWarehouse } from '../database/support/every-database.ts'

type ByDialect = Readonly<Record<Dialect, readonly string[]>>

const ENDING: ByDialect = {
  sqlite: [';commit', '/* a */ END', '-- a\nsavepoint b', "select 'a\\'; commit", 'select [;]; commit'],
  postgres: [
    ';commit',
    'abort',
    ' ;abort work',
    'select 1; commit',
    "select 'a\\'; commit",
    "select $$ ' $$; commit",
    'select 1 # 2; commit',
    '/* /* a */ */ commit',
    'create function f() returns int begin atomic select 1; end; commit',
    "prepare transaction 'a'",
    'end',
  ],
  mysql: [
    ';commit',
    'select 1; commit',
    "xa start 'a'",
    '# a\ncommit',
    '/*!50100 commit */',
    'select 5--1; commit',
  ],
}

/** Each only looks as if it had a statement that writes, or that ends the transaction. */
const READING: ByDialect = {
  sqlite: [
    "select ';commit' as a",
    'select 1 as ";commit"',
    'select 1 as [;commit]',
    "select 'it''s; commit' as a",
    'pragma table_info(shelf)',
    'pragma main.user_version',
    'explain query plan delete from shelf',
  ],
  postgres: [
    'select $a$; commit $$ $a$ as a',
    "select e'a\\'; commit' as a",
    'select 1 /* /* ; commit */ ; commit */ as a',
    "select '{}'::jsonb #> '{a}' as a",
    'show search_path',
    'table shelf',
    "select timestamp with time zone 'now' as a",
  ],
  mysql: [
    "select 'a\\'; commit' as a",
    'select "a\\"; commit" as a',
    'select 1 as `;commit`',
    'select 1 as a # ; commit',
    'show tables',
    'describe shelf',
  ],
}

const WRITING: ByDialect = {
  sqlite: ['pragma user_version = 7', 'pragma journal_mode(wal)'],
  postgres: [
    'select * into copied from shelf',
    'with gone as (delete from shelf returning *) select * from gone',
    'select 1; select * into copied from shelf',
    'select /* for */ * from shelf for /* all */ update',
  ],
  mysql: [
    "select 1 into outfile '/nowhere/limber'",
    '/*!50100 delete from shelf */',
    'select * from shelf for update',
  ],
}

for (const database of await everyDatabase()) {
  describe(`on ${database.title}`, () => {
    test('what ends a transaction is refused, wherever it stands in the text', async () => {
      const { inScope, connection, names } = await openWarehouse(database)
      for (const statement of ENDING[connection.driver.dialect]) {
        const scope = inScope(async (session) => {
          await addShelf(session, 'undone')
          await session.execute(statement)
        })
        await expect(scope, statement).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_STATEMENT' })
        const kysely = inScope((session) => sql.raw(statement).execute(session.getKysely()))
        await expect(kysely, statement).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_STATEMENT' })
      }
      expect(await names()).toEqual(['first'])
    })

    test('what only reads is free in a read-only scope, and opens no transaction', async () => {
      const { app, inScope, connection } = await openWarehouse(database)
      const statements = [
        '/* hi */ select 1',
        '-- hi\nselect 1',
        '(select 1)',
        'values (1)',
        'with a as (select 1) select * from a',
        "select replace('a', 'b', 'c')",
        "select 'for update'",
        'select 1;',
        ...READING[connection.driver.dialect],
      ].filter((statement) => connection.driver.dialect !== 'sqlite' || statement !== '(select 1)')
      for (const statement of statements) {
        const rows = app.scope(() => app.make('db.session').execute(statement), { readOnly: true })
        await expect(rows, statement).resolves.toBeInstanceOf(Array)
        const opens = inScope(async (session) => {
          await session.execute(statement)
          await sql.raw(statement).execute(session.getKysely())
          return session.isInTransaction()
        })
        expect(await opens, statement).toBe(false)
      }
    })

    test('what the ORM builds is judged by its text', async () => {
      const { app, inScope } = await openWarehouse(database)
      const reading = async () => {
        const session = app.make('db.session')
        const query = session.createQueryBuilder(Shelf).select('name').getNativeQuery()
        return [await session.execute(raw('select 1 as one')), await session.execute(query)]
      }
      expect(await app.scope(reading, { readOnly: true })).toEqual([[{ one: 1 }], [{ name: 'first' }]])
      const writing = () => {
        const session = app.make('db.session')
        return session.execute(session.createQueryBuilder(Shelf).delete().getNativeQuery())
      }
      const code = 'LIMBER_READ_ONLY_SCOPE'
      await expect(app.scope(writing, { readOnly: true })).rejects.toMatchObject({ code })
      const opens = inScope(async (session) => {
        await session.execute(raw('update shelf set count = ?', [2]))
        return session.isInTransaction()
      })
      expect(await opens).toBe(true)
    })

    test('what writes is refused in a read-only scope, whatever it begins with', async () => {
      const { app, connection, names } = await openWarehouse(database)
      const statements = ['select 1; delete from shelf', ...WRITING[connection.driver.dialect]]
      for (const statement of statements) {
        const scope = app.scope(() => app.make('db.session').execute(statement), { readOnly: true })
        await expect(scope, statement).rejects.toMatchObject({ code: 'LIMBER_READ_ONLY_SCOPE' })
        const kysely = app.scope(() => sql.raw(statement).execute(app.make('db.session').getKysely()), {
          readOnly: true,
        })
        await expect(kysely, statement).rejects.toMatchObject({ code: 'LIMBER_READ_ONLY_SCOPE' })
      }
      expect(await names()).toEqual(['first'])
    })

    test('the body of a routine ends nothing', async () => {
      const { inScope, isMysql, isSqlite } = await openWarehouse(database)
      if (isMysql) return
      const routine = isSqlite
        ? 'create trigger full after insert on shelf begin update shelf set count = case when 1 then 2 end; end'
        : 'create function f() returns int begin atomic select case when true then 2 end; select 3; end'
      await inScope((session) => session.execute(routine))
      const again = inScope((session) => session.execute(`${routine}; commit`))
      await expect(again).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_STATEMENT' })
    })

    test('a large text is looked through at once', async () => {
      const { inScope } = await openWarehouse(database)
      const text = "it''s; commit ".repeat(200_000)
      const scope = inScope((session) => session.execute(`select '${text}; commit`))
      await expect(scope).rejects.not.toMatchObject({ code: 'LIMBER_TRANSACTION_STATEMENT' })
    })
  })
}
