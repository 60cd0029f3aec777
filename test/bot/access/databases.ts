/** The databases that rules and states are kept in: a file, and one on each server that is there. */
import path from 'node:path'
import type { Driver } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../../database/support/servers.ts'
import { emptyFolder } from '../../support/app-folder.ts'

export interface DatabaseUnderTest {
  readonly title: string
  /** Opens one with nothing in it; it is gone when the test ends. */
  open(): Promise<Driver>
}

export async function everyDatabase(): Promise<DatabaseUnderTest[]> {
  const open = async () => sqlite({ file: path.join(emptyFolder(), 'bot.sqlite') })
  const databases: DatabaseUnderTest[] = [{ title: 'SQLite', open }]
  for (const server of [POSTGRES, MARIADB]) {
    if (!(await isThere(server))) continue
    const openThere = async () => server.driver({ database: await emptyDatabase(server) })
    databases.push({ title: server.title, open: openThere })
  }
  return databases
}
