import { randomBytes } from 'node:crypto'
import { databaseStore } from 'limber/database'
import { afterAll, beforeAll, describe } from 'vitest'
import { tempFolder } from '../../database/support/library-application.ts'
import { administer, isThere, MARIADB, POSTGRES, type Server } from '../../database/support/servers.ts'
import { describeStore } from './contract.ts'

describeStore('A database of SQLite', async () => {
  const root = tempFolder()
  return { driver: databaseStore({ url: 'sqlite:app.sqlite' }), options: { root } }
})
describeStore('A database of SQLite in memory', async () => ({
  driver: databaseStore({ url: 'sqlite::memory:' }),
  isShared: false,
}))

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue
  describe(server.title, () => {
    const database = `limber_cache_${process.pid}_${randomBytes(4).toString('hex')}`
    beforeAll(() => administer(server, `create database ${database}`))
    afterAll(() =>
      administer(server, `drop database ${database}${server === POSTGRES ? ' with (force)' : ''}`),
    )
    let tables = 0
    const open = async () => ({
      driver: databaseStore({ url: urlOf(server, database), table: `Cache ${++tables}` }),
    })
    describeStore(`A database of ${server.title}`, open)
  })
}

function urlOf({ url }: Server, database: string): string {
  const address = new URL(url)
  address.pathname = `/${database}`
  return address.href
}
