/** @module The databases that modules can be on: files, and on each server that is there. */
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../database/support/servers.ts'

export interface ModulesOn {
  readonly title: string
  /** What `modules.database` of the configuration says, for databases that are gone when the test ends. */
  create(): Promise<string>
}

export async function everyDatabase(): Promise<ModulesOn[]> {
  const databases: ModulesOn[] = [{ title: 'SQLite', create: async () => 'files' }]
  for (const server of [POSTGRES, MARIADB]) {
    if (!(await isThere(server))) continue
    const create = async () => {
      const url = new URL(server.url)
      url.pathname = `/${await emptyDatabase(server)}`
      return url.href
    }
    databases.push({ title: server.title, create })
  }
  return databases
}
