import { expect, it } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { execute, migration } from '../database/migrations/place.ts'
import { lastingDatabases, NOTHING, project } from '../database/migrations/project.ts'
import { write } from '../database/support/library-application.ts'

const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  sqlite: [],
  postgres: [
    'create function by_hand() returns trigger language plpgsql as $$ begin return new; end $$',
    'create function one() returns integer language sql as $$ select 1 $$',
    'create trigger author_touched after insert on author for each row execute function by_hand()',
  ],
  mysql: [
    'create trigger author_touched after insert on author for each row set @touched = 1',
    'create function one() returns integer deterministic return 1',
  ],
}

for (const database of await lastingDatabases())
  it(`${database.title}: what migrations make by hand stays, where the models have nothing of the kind`, async () => {
    const driver = await database.create()
    const { root, command } = project(driver)
    await command([Author, Book], 'makemigrations', '-m', 'tables')
    const view = 'create view authors as select id, name from author'
    write(root, {
      'database/migrations/20991231000000_by_hand.ts': migration(
        'ByHand',
        execute(view, ...(TRIGGERS[driver.dialect] ?? [])),
      ),
    })
    expect(await command([Author, Book], 'makemigrations', '-m', 'again')).toContain(NOTHING)
  })
