import { expect, it } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { execute, migration } from '../database/migrations/place.ts'
import { project } from '../database/migrations/project.ts'
import { write } from '../database/support/library-application.ts'
import { isThere, ownDatabase, POSTGRES } from '../database/support/servers.ts'

if (await isThere(POSTGRES))
  it('a squash gives new databases the rights of the old ones', { timeout: 60_000 }, async () => {
    const { root, command, latest } = project(POSTGRES.driver({ database: await ownDatabase(POSTGRES) }))
    const models = [Author, Book]
    await command(models, 'makemigrations', '-m', 'tables')
    const rights = 'grant select on author to public'
    write(root, {
      'database/migrations/20991231000000_rights.ts': migration('Rights', execute(rights)),
    })
    await command(models, 'squash', '-m', 'all')
    expect(latest()).toContain(rights)
  })
